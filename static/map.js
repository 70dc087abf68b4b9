// The map in its frame: fetches the outlines once, paints them, names them and posts clicks.
//
// Python sends only what `ententeApply` is given: a swatch code for each country, the swatches that
// are in use, which countries are contested or faintly told, the focus, the selected country, and how
// others stand toward it. Texts reach the page as text nodes alone.
"use strict";

(() => {
  // Equal Earth (Šavrič, Patterson and Jenny 2018), so that a country's area is its area. The map
  // itself is flat (CRS.Simple); 100 units are one radian on the central meridian.
  const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const UNIT = 100;
  const project = (lon, lat) => {
    const angle = Math.asin((Math.sqrt(3) / 2) * Math.sin((lat * Math.PI) / 180));
    const square = angle * angle;
    const sixth = square * square * square;
    const slope = 9 * A4 * square * sixth + 7 * A3 * sixth + 3 * A2 * square + A1;
    const x = (2 * Math.sqrt(3) * ((lon * Math.PI) / 180) * Math.cos(angle)) / (3 * slope);
    const y = angle * (A1 + A2 * square + sixth * (A3 + A4 * square));
    return L.latLng(y * UNIT, x * UNIT);
  };

  const THEMES = {
    light: { page: "#ffffff", sea: "#eef4f8", border: "#ffffff", edge: "#d5dee5", chosen: "#14171c" },
    dark: { page: "#0e1117", sea: "#151b22", border: "#0e1117", edge: "#29323b", chosen: "#f5f7fa" },
  };
  // Latitudes between which the view is framed; nothing is drawn south of them.
  const SOUTH = -58;
  const NORTH = 90;
  const FARTHEST = -4;
  const CLOSEST = 6;
  // Steps of zoom, each twice as close, that the map opens nearer than the whole world: with many
  // countries to show, and with a few that the page is about.
  const CLOSER = 1.6;
  const CLOSEST_OPEN = 4;
  // On a phone the map has half of the screen, and its buttons a strip of their own under it.
  // The whole world would leave most of it sea, so it opens some steps nearer.
  const PHONE = { width: 640, share: 0.5, strip: 38, closer: 0.5 };
  const SHAPE = { shortest: 220, tallest: 640, share: 0.56 };

  // A selected country whose main part is smaller than this, in pixels, is brought nearer.
  const SMALL = 28;
  const NEARER = 2;
  const FAINT = 0.55;
  const HIDDEN = 0.1;
  // Pixels around a tap in which a finger means the point of a small state, in the sea and on land.
  const FINGER = 16;
  const FINGER_ON_LAND = 11;
  // How far an arc bends aside, as a share of its length, and the points that it is drawn with.
  const BEND = 0.16;
  const ARC_STEPS = 24;
  const PICTURE_SCALE = 2;
  // Countries that are named for their size, and the width of a letter in pixels.
  const MAIN_SHARE = 0.25;
  const MOST_LABELS = 16;
  const LETTER = 6.6;
  // Milliseconds after a hand's touch within which the map moves by it.
  const HAND = 1500;
  // Milliseconds in which new colors fade in, where the reader's system does not ask for less motion.
  const FADE = 240;
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Half of what a tooltip is wide at most, in pixels; nearer to an edge it stands aside of the pointer.
  const HALF_TOOLTIP = 165;

  const EMPTY = { values: {}, swatches: {}, contested: [], faint: [], lines: [], near: [], view: null, selected: null, focus: null };
  let state = EMPTY;
  let paint = () => {};
  let reveal = () => {};
  let open = () => {};
  let fade = () => {};

  // The page around the frame; null where the map stands in a page of its own or is one of two.
  const findPage = () => {
    try {
      const maps = window.frameElement ? window.parent.document.querySelectorAll("iframe[src*=st_folium]") : [];
      return maps.length === 1 ? window.parent : null;
    } catch (error) {
      return null;
    }
  };
  // What a reader does to the map alone is held in the address, and asks nothing of the server: the part of
  // the world, the value that the legend shows alone, and the pair whose quotes are open.
  const held = { at: null, only: null, open: null };
  const readHeld = () => {
    const fields = new URLSearchParams(findPage()?.location.search);
    for (const name of Object.keys(held)) held[name] = fields.get(name);
  };
  // Written again after each run, whose address knows nothing of them.
  const writeHeld = () => {
    const page = findPage();
    if (!page) return;
    const url = new URL(page.location.href);
    for (const [name, value] of Object.entries(held)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    if (url.href !== page.location.href) page.history.replaceState(page.history.state, "", url);
  };
  const holdField = (name, value) => {
    held[name] = value;
    writeHeld();
  };
  readHeld();

  window.ententeApply = (next) => {
    const before = state;
    state = { ...EMPTY, ...next };
    paint();
    if (before !== EMPTY && JSON.stringify(state.values) !== JSON.stringify(before.values)) fade();
    if (before !== EMPTY && (state.focus !== before.focus || state.selected !== before.selected)) held.open = null;
    writeHeld();
    if (String(state.near) !== String(before.near)) {
      if (before.near.length) holdField("at", null);
      open();
    } else if (state.selected !== before.selected) {
      reveal();
    }
    return L.layerGroup([]);
  };

  window.ententeMap = (map, options) => {
    const frame = window.Streamlit;
    const container = map.getContainer();
    // All that is drawn, and the same by the country that each belongs to in the view of the borders.
    const drawn = [];
    const layers = new Map();
    let viewed = null;
    const names = new Map();
    const middles = new Map();
    const features = new Map();
    let dark = isDark(getComputedStyle(document.documentElement).getPropertyValue("--background-color"));
    let hovered = null;
    let home = null;
    // The value that the legend was asked to show alone.
    let only = null;

    const findScreen = () => {
      try {
        const { innerWidth: width, innerHeight: height } = window.parent;
        return { width, height };
      } catch (error) {
        return { width: container.clientWidth, height: 2 * SHAPE.shortest };
      }
    };
    const isPhone = window.frameElement && findScreen().width < PHONE.width;
    container.classList.toggle("entente-phone", Boolean(isPhone));
    // The frame is as high as its width asks for; the component would set one height for all screens.
    const setHeight = frame.setFrameHeight.bind(frame);
    frame.setFrameHeight = () => {
      const wanted = Math.round(container.clientWidth * SHAPE.share);
      const height = isPhone ? PHONE.strip + Math.round(PHONE.share * findScreen().height) : Math.max(SHAPE.shortest, Math.min(SHAPE.tallest, wanted));
      container.style.height = `${height}px`;
      setHeight(height);
    };
    try {
      window.frameElement.title = options.title;
      document.body.style.margin = "0";
    } catch (error) {
      console.info("the frame's title stays as it is", error);
    }
    copyFont();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", options.title);

    const outline = [];
    for (let lat = SOUTH; lat <= NORTH; lat += 2) outline.push(project(180, lat));
    for (let lat = NORTH; lat >= SOUTH; lat -= 2) outline.push(project(-180, lat));
    const world = L.latLngBounds([
      [project(0, SOUTH).lat, project(-180, 0).lng],
      [project(0, NORTH).lat, project(180, 0).lng],
    ]);
    map.createPane("hatches").style.zIndex = 430;
    const hatchRenderer = L.svg({ pane: "hatches", padding: 0.5 });
    map.createPane("points").style.zIndex = 450;
    const pointRenderer = L.svg({ pane: "points", padding: 0.5 });
    // The hovered and the chosen outline are drawn once more above all others. Raising the shapes
    // themselves would take them out of the page for a moment, and a click in that moment is lost.
    map.createPane("lines").style.zIndex = 440;
    const lineRenderer = L.svg({ pane: "lines", padding: 0.5 });
    const drawLine = (weight) =>
      L.polygon([], { renderer: lineRenderer, pane: "lines", interactive: false, fill: false, weight }).addTo(map);
    const lines = { hovered: drawLine(1.4), selected: drawLine(1.7) };
    const arcs = L.layerGroup([]).addTo(map);
    map.createPane("labels").style.zIndex = 460;
    const labels = L.layerGroup([]).addTo(map);
    const sea = L.polygon(outline, { interactive: false, weight: 0, fillOpacity: 1 }).addTo(map);

    const defs = document.body.appendChild(element("svg", { width: 0, height: 0, "aria-hidden": "true" }));
    defs.style.position = "absolute";

    const fit = () => {
      const untouched = !home || (map.getZoom() === home.zoom && map.getCenter().equals(home.center));
      frame.setFrameHeight();
      map.invalidateSize({ pan: false, animate: false });
      map.options.minZoom = FARTHEST;
      const whole = map.getBoundsZoom(world, false, L.point(2, 4));
      map.options.minZoom = whole;
      if (untouched) {
        open();
      } else if (map.getZoom() < whole) {
        map.setZoom(whole, { animate: false });
      }
    };

    // Opens on the countries that the page is about, or else on those that have a value of their own,
    // since most news speaks of one corner of the world; the whole is one press away.
    open = () => {
      const place = readPlace();
      if (place) {
        const [lat, lng, span] = place;
        const zoom = Math.log2(container.clientWidth / span);
        map.setView([lat, lng], Math.min(CLOSEST, Math.max(map.getMinZoom(), zoom)), { animate: false });
        home = { zoom: map.getZoom(), center: map.getCenter() };
        return;
      }
      const told = Object.entries(state.values)
        .filter(([, value]) => value !== "mentioned")
        .map(([code]) => code);
      const near = L.latLngBounds([]);
      for (const code of state.near) {
        if (features.has(code)) near.extend(findBounds(features.get(code)));
      }
      const ends = told.length ? [] : state.lines.flatMap(([one, other]) => [one, other]);
      for (const code of near.isValid() ? [] : [...told, ...ends, state.focus, state.selected]) {
        if (features.has(code)) near.extend(findBounds(features.get(code)));
      }
      const farthest = map.getMinZoom();
      if (near.isValid()) {
        const closest = farthest + (state.near.length ? CLOSEST_OPEN : CLOSER);
        const wanted = Math.min(map.getBoundsZoom(near.pad(0.04)), closest);
        map.setView(near.getCenter(), Math.max(wanted, farthest + (isPhone ? PHONE.closer : 0)), { animate: false });
      } else {
        map.setView(world.getCenter(), farthest, { animate: false });
      }
      home = { zoom: map.getZoom(), center: map.getCenter() };
    };
    // The part of the world that the address names: its middle, and how many units of the map are abreast.
    const readPlace = () => {
      const place = (held.at || "").split("_").map(Number);
      return place.length === 3 && place.every(Number.isFinite) && place[2] > 0 ? place : null;
    };
    // Only what a hand has moved is held, and not what the map does by itself.
    let touched = 0;
    for (const type of ["pointerdown", "pointerup", "wheel", "keydown"]) {
      container.addEventListener(type, () => { touched = Date.now(); }, { capture: true, passive: true });
    }
    map.on("moveend", () => {
      if (Date.now() - touched > HAND) return;
      const { lat, lng } = map.getCenter();
      holdField("at", [lat, lng, container.clientWidth / 2 ** map.getZoom()].map((part) => part.toFixed(1)).join("_"));
    });
    const caption = document.createElement("div");
    caption.className = "entente-borders";
    const Whole = L.Control.extend({
      options: { position: "bottomleft" },
      onAdd: () => {
        const bar = L.DomUtil.create("div", "leaflet-bar entente-bar");
        const button = L.DomUtil.create("a", "entente-world", bar);
        Object.assign(button, { href: "#", role: "button", textContent: options.world });
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(button, "click", (event) => {
          L.DomEvent.preventDefault(event);
          map.setView(world.getCenter(), map.getMinZoom());
        });
        const save = L.DomUtil.create("a", "entente-world", bar);
        Object.assign(save, { href: "#", role: "button", textContent: options.picture });
        L.DomEvent.on(save, "click", (event) => {
          L.DomEvent.preventDefault(event);
          drawPicture();
        });
        const corner = document.createElement("div");
        corner.append(bar, caption);
        return corner;
      },
    });
    map.addControl(new Whole());
    map.options.maxBoundsViscosity = 1;
    map.options.minZoom = map.getZoom();
    map.options.maxZoom = CLOSEST;
    let width = container.clientWidth;
    new ResizeObserver(() => {
      if (container.clientWidth && container.clientWidth !== width) {
        width = container.clientWidth;
        fit();
      }
    }).observe(container);

    fade = () => {
      if (!isStill) map.getPane("overlayPane").animate([{ opacity: 0.5 }, { opacity: 1 }], { duration: FADE });
    };
    if (isStill) {
      map.options.inertia = false;
      map._zoomAnimated = false;
    }
    fit();
    map.setMaxBounds(world.pad(0.04));

    // The wheel scrolls the page until the map is in use.
    map.scrollWheelZoom.disable();
    map.on("click focus", () => map.scrollWheelZoom.enable());
    container.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());

    const valueOf = (code) => (code === state.focus ? "focus" : state.values[code] || "none");
    const swatchOf = (code) => state.swatches[valueOf(code)] || null;
    const isContested = (code) => state.contested.includes(code);
    // The countries that an entry of the legend stands for; the focus is shown beside them.
    const belongs = (code, entry) =>
      code === state.focus || valueOf(code) === entry ||
      (entry === "contested" && isContested(code)) || (entry === "faint" && state.faint.includes(code));

    const styleOf = (code, kind) => {
      const theme = dark ? THEMES.dark : THEMES.light;
      const swatch = swatchOf(code);
      const chosen = code === state.selected;
      const hidden = only !== null && !belongs(code, only);
      const style = {
        weight: 0.6,
        color: theme.border,
        fillColor: swatch ? `url(#swatch-${swatch.code}${isContested(code) ? "-contested" : ""})` : theme.edge,
        fillOpacity: hidden ? HIDDEN : state.faint.includes(code) ? FAINT : 1,
        opacity: 1,
      };
      if (kind === "piece") {
        Object.assign(style, { dashArray: "2 3", weight: 0.9, color: theme.border });
      }
      if (kind === "point") {
        const told = chosen || code === state.focus || (code in state.values && state.values[code] !== "mentioned");
        style.opacity = hidden ? HIDDEN : 1;
        style.radius = told ? (hasHover ? 5.5 : 7) : Math.max(1.5, Math.min(4, 1.5 + map.getZoom()));
        style.weight = chosen ? 2.2 : told || code === hovered ? 1.2 : 0.6;
        style.color = chosen || told || code === hovered ? theme.chosen : theme.border;
      }
      return style;
    };

    const restyle = (code) => {
      for (const layer of layers.get(code) || []) {
        layer.setStyle(styleOf(code, layer.kind));
        if (layer.kind === "point") {
          layer.setRadius(styleOf(code, layer.kind).radius);
        }
        const shape = layer.getElement();
        if (shape) {
          shape.setAttribute("role", "img");
          // Leaflet listens for the focus of each shape, which makes it a stop for the Tab key; the list of
          // countries is the way of the keyboard.
          shape.setAttribute("tabindex", "-1");
          shape.setAttribute("data-code", code);
          shape.setAttribute("data-value", valueOf(code));
          shape.toggleAttribute("data-contested", isContested(code));
          if (layer.kind === "piece") shape.setAttribute("data-piece", layer.id);
          shape.setAttribute("aria-label", describe(code, layer.note).filter(Boolean).join(": "));
          shape.toggleAttribute("data-selected", code === state.selected);
        }
      }
    };

    const describe = (code, note = "") => {
      const swatch = swatchOf(code);
      const contested = isContested(code) ? `, ${options.contested}` : "";
      return [names.get(code) || code, swatch ? swatch.label + contested : "", note];
    };

    const drawSwatch = (swatch, theme, contested) => {
      const size = contested ? 2 * options.tile : options.tile;
      const pattern = element("pattern", {
        id: `swatch-${swatch.code}${contested ? "-contested" : ""}`,
        width: size,
        height: size,
        patternUnits: "userSpaceOnUse",
      });
      const ground = element("rect", { width: size, height: size, fill: dark ? swatch.dark : swatch.color });
      const ink = { fill: "none", stroke: dark ? swatch.inkDark : swatch.ink, "stroke-width": swatch.width };
      pattern.append(ground, element("path", { d: swatch.path, ...ink }));
      if (contested) {
        const stripes = `M-2,2 l4,-4 M0,${size} l${size},-${size} M${size - 2},${size + 2} l4,-4`;
        pattern.append(element("path", { d: stripes, fill: "none", stroke: theme.border, "stroke-width": 4.5 }));
      }
      defs.append(pattern);
    };

    const drawSwatches = (theme) => {
      defs.replaceChildren();
      const lines = element("pattern", { id: "disputed", width: 6, height: 6, patternUnits: "userSpaceOnUse" });
      for (const [stroke, d] of [[theme.chosen, "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2"], [theme.border, "M-1,4 l5,-5 M2,7 l5,-5"]]) {
        lines.append(element("path", { d, stroke, "stroke-width": 0.8, opacity: 0.6 }));
      }
      defs.append(lines);
      for (const swatch of Object.values(state.swatches)) {
        drawSwatch(swatch, theme, false);
        if (state.contested.length) drawSwatch(swatch, theme, true);
      }
    };

    // Pairs as lines that bend apart.
    const drawLines = () => {
      arcs.clearLayers();
      for (const [one, other, value] of state.lines) {
        const [[from], [to]] = [layers.get(one) || [], layers.get(other) || []];
        const swatch = state.swatches[value];
        if (!from || !to || !swatch || (only !== null && only !== value)) continue;
        const [x, y] = [to.middle.lng - from.middle.lng, to.middle.lat - from.middle.lat];
        const points = [];
        for (let step = 0; step <= ARC_STEPS; step += 1) {
          const share = step / ARC_STEPS;
          const bend = BEND * 4 * share * (1 - share);
          points.push([from.middle.lat + share * y + bend * Math.abs(x), from.middle.lng + share * x - bend * y * 0.3]);
        }
        const place = { renderer: lineRenderer, pane: "lines", interactive: false, fill: false };
        const theme = dark ? THEMES.dark : THEMES.light;
        L.polyline(points, { ...place, weight: 4.5, color: theme.border, opacity: 0.9 }).addTo(arcs);
        L.polyline(points, { ...place, weight: 2.4, color: dark ? swatch.dark : swatch.color, className: `arc-${one} arc-${other}` }).addTo(arcs);
      }
    };

    const measure = (bounds) => {
      const [low, high] = [bounds.getSouthWest(), bounds.getNorthEast()].map((corner) => map.latLngToContainerPoint(corner));
      return { width: high.x - low.x, height: low.y - high.y };
    };
    // Names the focus, the ends of the lines, and the largest countries where their name fits. A focus
    // that is too small to see has a ring.
    const drawLabels = () => {
      labels.clearLayers();
      if (!features.size) return;
      const theme = dark ? THEMES.dark : THEMES.light;
      const ends = new Set(state.focus || Object.keys(state.values).length ? [] : state.lines.flatMap(([one, other]) => [one, other]));
      const sized = [...features.values()].map((shape) => ({ code: shape.id, ...measure(findBounds(shape)) }));
      sized.sort((one, other) => other.width * other.height - one.width * one.height);
      sized.sort((one, other) => (other.code === state.focus) - (one.code === state.focus));
      const placed = [];
      let room = MOST_LABELS;
      for (const { code, width, height } of sized) {
        const name = names.get(code);
        const fits = room > 0 && height > 2 * LETTER && width > LETTER * (name || "").length;
        const isFocus = code === state.focus;
        if (!name || !(isFocus || ends.has(code) || fits)) continue;
        const at = map.latLngToContainerPoint(middles.get(code));
        const half = { x: (LETTER * name.length) / 2, y: LETTER };
        const hits = (other) => Math.abs(at.x - other.at.x) < half.x + other.half.x && Math.abs(at.y - other.at.y) < half.y + other.half.y;
        if (!isFocus && placed.some(hits)) continue;
        placed.push({ at, half });
        if (fits) room -= 1;
        const isTiny = Math.max(width, height) < SMALL;
        if (isFocus && isTiny) {
          const ring = { renderer: pointRenderer, pane: "points", interactive: false, fill: false, radius: 10, weight: 2 };
          L.circleMarker(middles.get(code), { ...ring, color: theme.chosen }).addTo(labels);
        }
        const words = document.createElement("span");
        words.textContent = name;
        const className = `entente-label${isFocus ? " entente-focus" : ""}${isTiny ? " entente-beside" : ""}`;
        const icon = L.divIcon({ html: words, className, iconSize: [0, 0] });
        L.marker(middles.get(code), { icon, pane: "labels", interactive: false, keyboard: false }).addTo(labels);
      }
    };

    paint = () => {
      const theme = dark ? THEMES.dark : THEMES.light;
      document.body.style.background = theme.page;
      container.style.background = theme.sea;
      document.documentElement.dataset.theme = dark ? "dark" : "light";
      sea.setStyle({ fillColor: theme.sea });
      caption.textContent = options.views[state.view] || "";
      drawSwatches(theme);
      assign();
      const isUsed = (entry) => entry === "none" || state.lines.some(([, , value]) => value === entry) ||
        Object.keys(state.values).some((code) => code !== state.focus && belongs(code, entry));
      if (only !== null && !isUsed(only)) {
        only = null;
        holdField("only", null);
      }
      markLegends();
      drawLines();
      drawLabels();
      layers.forEach((_, code) => restyle(code));
      outlineAs("hovered", hovered);
      outlineAs("selected", state.selected);
    };

    // Gives each shape to the country that holds it in the view of the borders. A country that a view
    // leaves no shape keeps a point, for the news about it stays the same.
    const assign = () => {
      if (viewed === state.view && layers.size) return;
      viewed = state.view;
      layers.clear();
      for (const layer of drawn) {
        layer.code = (layer.views && layer.views[viewed]) || layer.id;
        if (layer.spare) {
          const lost = layer.views && layer.views[viewed] && layer.views[viewed] !== layer.id;
          layer.code = layer.id;
          if (lost) layer.addTo(map);
          else {
            layer.remove();
            continue;
          }
        }
        const own = layers.get(layer.code) || [];
        layers.set(layer.code, layer.kind === "piece" ? [...own, layer] : [layer, ...own]);
      }
    };

    const outlineAs = (role, code) => {
      const shapes = (layers.get(code) || []).filter((layer) => layer.kind !== "point");
      lines[role].setStyle({ color: (dark ? THEMES.dark : THEMES.light).chosen });
      lines[role].setLatLngs(shapes.flatMap((shape) => {
        const rings = shape.getLatLngs();
        return L.LineUtil.isFlat(rings[0]) ? [rings] : rings;
      }));
    };

    // Brings the main part of a country that was chosen elsewhere into view.
    reveal = () => {
      const shapes = layers.get(state.selected) || [];
      const [layer] = shapes;
      if (!layer) return;
      const bounds = features.has(state.selected)
        ? findBounds(features.get(state.selected))
        : L.latLngBounds([layer.middle, layer.middle]);
      const size = map.latLngToContainerPoint(bounds.getSouthEast()).subtract(map.latLngToContainerPoint(bounds.getNorthWest()));
      const longest = Math.max(size.x, size.y, 1);
      if (longest < SMALL) {
        map.setView(layer.middle, Math.min(CLOSEST, map.getZoom() + Math.min(NEARER, Math.log2((2 * SMALL) / longest))));
      } else if (!map.getBounds().contains(bounds)) {
        map.setView(bounds.getCenter(), Math.min(map.getZoom(), map.getBoundsZoom(bounds.pad(0.1))));
      }
    };
    // The bounds of the main part of a country, as those of shapes.csv; far islands would draw the view out.
    const findBounds = ({ geometry, properties }) => {
      if (!geometry) return L.latLngBounds([project(properties.lon, properties.lat)]);
      const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      const bounds = parts.map(([ring]) => L.latLngBounds(ring.map(([east, north]) => project(east, north))));
      const size = (part) => (part.getEast() - part.getWest()) * (part.getNorth() - part.getSouth());
      const largest = Math.max(...bounds.map(size));
      const main = L.latLngBounds([]);
      for (const part of bounds) if (size(part) >= MAIN_SHARE * largest) main.extend(part);
      return main;
    };

    const choose = (code) => {
      const before = state.selected;
      if (before !== code) held.open = null;
      state.selected = code;
      state.lines = [];
      drawLines();
      restyle(before);
      restyle(code);
      outlineAs("selected", code);
      tell(code);
      speak([names.get(code) || code, findTold(code)?.firstElementChild.textContent || describe(code)[1], options.beside].join(", "));
      showPanel();
      send({ code });
    };
    // What is held goes along, so that a link that is asked for has it.
    let sent = "";
    const send = (value) => {
      sent = JSON.stringify(held);
      frame.setComponentValue({ ...value, held: { ...held }, n: Date.now() });
    };
    const beforeShare = ({ target }) => {
      if (findPage() && target.closest?.(".st-key-share button") && sent !== JSON.stringify(held)) send({});
    };

    // A reader who has scrolled down a panel begins the next one at its top.
    const showPanel = () => {
      try {
        const panel = window.parent.document.querySelector(".e-panel");
        if (panel && panel.getBoundingClientRect().top < 0) panel.scrollIntoView({ block: "start" });
      } catch (error) {
        console.info("the panel keeps its place", error);
      }
    };

    // Tells those who hear the page what a click did.
    const voice = container.appendChild(document.createElement("div"));
    voice.className = "entente-voice";
    voice.setAttribute("role", "status");
    const speak = (words) => {
      voice.textContent = words;
    };

    const hover = (code) => {
      const before = hovered;
      hovered = code;
      restyle(before);
      restyle(code);
      outlineAs("hovered", code);
    };

    // A finger has no hover, and on a phone the quotes lie below the map: a strip says what was
    // tapped and leads there.
    const strip = container.appendChild(document.createElement("div"));
    strip.className = "entente-strip";
    strip.hidden = true;
    L.DomEvent.disableClickPropagation(strip);
    const tell = (code) => {
      if (hasHover) {
        return;
      }
      const read = document.createElement("button");
      read.type = "button";
      read.textContent = options.read;
      read.addEventListener("click", () => {
        window.parent.document.querySelector(".e-panel")?.scrollIntoView({ behavior: isStill ? "auto" : "smooth" });
      });
      strip.replaceChildren(label(describe(code)), read);
      strip.hidden = false;
    };

    // The legends stand in the page around the frame: a press on an entry shows its countries alone.
    const listLegends = (entries = "[data-value]", column = null) => {
      try {
        return [...(column || window.parent.document).querySelectorAll(`.e-legend ${entries}`)];
      } catch (error) {
        return [];
      }
    };
    // The part of the page that this map stands in, where there are two of them.
    const findColumn = () => window.frameElement?.closest("[data-testid=stColumn]");
    const markLegends = () => {
      for (const entry of listLegends()) {
        entry.setAttribute("aria-pressed", String(only === entry.dataset.value));
      }
    };
    const press = (event) => {
      const entry = event.target.closest ? event.target.closest(".e-legend [data-value]") : null;
      if (!entry || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      only = only === entry.dataset.value ? null : entry.dataset.value;
      holdField("only", only);
      speak(entry.innerText.replace(/\s+/g, " "));
      layers.forEach((_, code) => restyle(code));
      drawLines();
      markLegends();
    };
    // Which pair's quotes are open in the panel, and the picture, which another part of the page asks for.
    const keepOpen = ({ target }) => {
      const pair = target.closest?.(".e-panel .e-pair > summary")?.parentElement;
      if (pair?.dataset.pair) holdField("open", pair.open ? null : pair.dataset.pair);
    };
    const takePicture = (event) => {
      if (!event.target.closest?.("[data-picture]") || (event.type === "keydown" && event.key !== "Enter")) return;
      const [first] = window.parent.document.querySelectorAll("iframe[src*=st_folium]");
      if (first === window.frameElement) drawPicture();
    };
    try {
      const listen = (type, act) => {
        window.parent.document.addEventListener(type, act);
        window.addEventListener("pagehide", () => window.parent.document.removeEventListener(type, act));
      };
      for (const type of ["click", "keydown"]) {
        listen(type, press);
        listen(type, takePicture);
      }
      listen("click", keepOpen);
      listen("pointerdown", beforeShare);
      listen("focusin", beforeShare);
    } catch (error) {
      console.info("the legend does not filter the map", error);
    }

    // The map as a picture: what is drawn, the swatches that it is drawn with, and what it is called.
    const drawPicture = async () => {
      const { clientWidth: width, clientHeight: height } = container;
      const theme = dark ? THEMES.dark : THEMES.light;
      const words = listLines(width);
      const marks = listMarks(width);
      const foot = 24 + 17 * words.length + (marks.length ? marks[marks.length - 1].y + 18 : 0);
      const picture = element("svg", { xmlns: SVG, width, height: height + foot, viewBox: `0 0 ${width} ${height + foot}` });
      const clip = element("clipPath", { id: "frame" });
      clip.append(element("rect", { width, height }));
      picture.append(element("rect", { width, height: height + foot, fill: theme.page }), clip);
      const frameGroup = element("g", { "clip-path": "url(#frame)" });
      frameGroup.append(element("rect", { width, height, fill: theme.sea }));
      const inner = element("defs", {});
      inner.append(...[...defs.children].map((each) => each.cloneNode(true)));
      picture.append(inner, frameGroup);
      const origin = container.getBoundingClientRect();
      for (const drawn of container.querySelectorAll(".leaflet-pane > svg")) {
        const box = drawn.getBoundingClientRect();
        const copy = drawn.cloneNode(true);
        copy.removeAttribute("style");
        copy.setAttribute("x", box.left - origin.left);
        copy.setAttribute("y", box.top - origin.top);
        frameGroup.append(copy);
      }
      for (const named of container.querySelectorAll(".entente-label span")) {
        const box = named.getBoundingClientRect();
        const words = writeText(named.textContent, box.left - origin.left, box.bottom - origin.top - 3, theme, 11);
        for (const [key, value] of [["stroke", theme.page], ["stroke-width", 2.5], ["paint-order", "stroke"]]) words.setAttribute(key, value);
        frameGroup.append(words);
      }
      words.forEach(({ line, size }, at) => {
        picture.append(writeText(line, 4, height + 20 + 17 * at, theme, size));
      });
      for (const { x, y, code, words: told } of marks) {
        const top = height + 20 + 17 * words.length + y;
        const marks = { contested: `swatch-${valueOf(state.contested[0])}-contested`, disputed: "disputed" };
        const fill = code === "faint" ? theme.chosen : `url(#${marks[code] || `swatch-${code}`})`;
        const opacity = code === "faint" ? FAINT : 1;
        picture.append(element("rect", { x, y: top - 11, width: 14, height: 14, fill, "fill-opacity": opacity }));
        picture.append(writeText(told, x + 19, top, theme, 12));
      }
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width * PICTURE_SCALE, (height + foot) * PICTURE_SCALE];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.href = canvas.toDataURL("image/png");
      link.download = "entente-map.png";
      link.click();
    };
    const writeText = (words, x, y, theme, size) => {
      const text = element("text", { x, y, fill: theme.chosen, "font-size": size, "font-family": "sans-serif" });
      text.textContent = words;
      return text;
    };
    // The words above the map and its legend, which a picture needs beside it, in lines that fit.
    const listLines = (width) => {
      let said = [];
      try {
        const heads = window.parent.document.querySelectorAll(".e-lede h1, .e-lede p");
        said = [...heads, ...(findColumn()?.querySelectorAll(".e-title") || [])].map((each) => each.textContent);
      } catch (error) {
        console.info("the picture has no title", error);
      }
      return [...said, `${options.caption} ${options.views[state.view] || ""}`].flatMap((words, at) => {
        const size = at ? 12 : 14;
        return wrap(words, width / (0.53 * size)).map((line) => ({ line, size }));
      });
    };
    const wrap = (words, most) => words.trim().split(/\s+/).reduce((lines, word) => {
      const line = `${lines[lines.length - 1]} ${word}`.trim();
      return line.length > most ? [...lines, word] : [...lines.slice(0, -1), line];
    }, [""]);
    const listMarks = (width) => {
      let [x, y] = [4, 6];
      return listLegends("li", findColumn()).map((row) => {
        const words = row.innerText.replace(/\s+/g, " ").trim();
        const { code } = row.dataset;
        const needed = 34 + 6.6 * words.length;
        if (x + needed > width) [x, y] = [4, y + 20];
        const mark = { x, y, code, words };
        x += needed;
        return mark;
      });
    };

    const hasHover = window.matchMedia("(hover: hover)").matches;
    // A finger is wider than the point of a small state, so one nearby is meant by a tap in the sea,
    // and on land where it has a value of its own.
    const aim = (place, tapped = null) => {
      let best = { code: tapped, far: tapped ? FINGER_ON_LAND : FINGER };
      for (const { kind, code, middle } of hasHover ? [] : drawn) {
        const told = code === state.focus || (state.values[code] && state.values[code] !== "mentioned");
        const far = kind === "point" && (told || !tapped) ? place.distanceTo(map.latLngToContainerPoint(middle)) : FINGER;
        if (far < best.far) best = { code, far };
      }
      return best.code;
    };
    // A click on a shape reaches the map too, which then has nothing left to do.
    let taken = null;
    map.on("click", (event) => {
      const code = event.originalEvent === taken ? null : aim(event.containerPoint);
      if (code) choose(code);
    });
    const add = (layer, facts) => {
      Object.assign(layer, facts, { code: facts.id });
      drawn.push(layer);
      layer.on("click", (event) => {
        taken = event.originalEvent;
        choose(layer.kind === "point" ? layer.code : aim(event.containerPoint, layer.code));
      });
      if (hasHover) {
        layer.on("mouseover", () => hover(layer.code));
        layer.on("mouseout", () => hover(null));
        layer.on("mouseover mousemove", ({ containerPoint: { x, y } }) => {
          const { x: width, y: height } = map.getSize();
          const aside = x < HALF_TOOLTIP ? "right" : x > width - HALF_TOOLTIP ? "left" : null;
          layer.getTooltip().options.direction = aside || (y < height / 2 ? "bottom" : "top");
        });
        layer.bindTooltip(() => label(describe(layer.code, layer.note), findTold(layer.code)), { sticky: true, opacity: 1 });
      }
    };
    const hatch = (shape) => {
      L.geoJSON(shape, {
        coordsToLatLng: ([east, north]) => project(east, north),
        interactive: false,
        smoothFactor: 0,
        renderer: hatchRenderer,
        pane: "hatches",
        style: { weight: 0, fillColor: "url(#disputed)", fillOpacity: 1 },
      }).eachLayer((each) => each.addTo(map));
    };

    // `spoken` holds the names of countries in the language of the page, where it is not English.
    const draw = ([shapes, spoken]) => {
      for (const shape of shapes.features) {
        const { lon, lat, piece } = shape.properties;
        if (piece) continue;
        features.set(shape.id, shape);
        middles.set(shape.id, project(lon, lat));
      }
      // The view comes first: what is drawn before it would be drawn twice.
      open();
      for (const shape of shapes.features) {
        const { lon, lat, marker, neutral, piece, views, note } = shape.properties;
        const name = spoken[shape.id] || shape.properties.name;
        const middle = project(lon, lat);
        const told = spoken[`${shape.id}.note`] || note;
        const facts = { id: shape.id, middle, views, note: note ? `${piece ? `${name}. ` : ""}${told}` : "" };
        if (shape.geometry) {
          const [outlineOf] = L.geoJSON(shape, {
            coordsToLatLng: ([east, north]) => project(east, north),
            interactive: !neutral,
            smoothFactor: 0,
          }).getLayers();
          if (note || neutral) hatch(shape);
          if (neutral) {
            outlineOf.setStyle({ weight: 0.6, color: THEMES.light.edge, fillColor: THEMES.light.edge, fillOpacity: 1 });
            outlineOf.addTo(map);
            continue;
          }
          if (!piece) names.set(shape.id, name);
          add(outlineOf, { ...facts, kind: piece ? "piece" : "outline" });
        }
        if (marker || (views && !piece)) {
          names.set(shape.id, name);
          const point = L.circleMarker(middle, { renderer: pointRenderer, pane: "points", radius: 3 });
          add(point, { ...facts, kind: "point", views: marker ? null : views, spare: !marker });
        }
      }
      only = held.only;
      assign();
      for (const layer of drawn) {
        Object.assign(layer.options, styleOf(layer.code, layer.kind));
        if (!layer.spare) layer.addTo(map);
      }
      paint();
      reveal();
      container.dataset.ready = String(drawn.length);
    };

    map.on("zoomend", drawLabels);
    map.on("zoomend", () => layers.forEach((each, code) => each.length > 1 && restyle(code)));
    frame.events.addEventListener(frame.RENDER_EVENT || "streamlit:render", (event) => {
      const theme = event.detail.theme;
      const now = theme ? isDark(theme.backgroundColor) : dark;
      if (now !== dark) {
        dark = now;
        paint();
      }
    });

    const load = async (address) => {
      const answer = await fetch(address);
      if (!answer.ok) {
        throw new Error(`the server answered ${answer.status}`);
      }
      return answer.json();
    };
    const spoken = typeof options.names === "string" ? load(options.names) : options.names || {};
    Promise.all([load(options.geometry), spoken])
      .then(draw)
      .catch((error) => {
        console.error(error);
        const note = document.createElement("p");
        note.className = "entente-note";
        note.setAttribute("role", "alert");
        note.textContent = options.failure;
        container.append(note);
      });
    paint();
  };

  const SVG = "http://www.w3.org/2000/svg";

  // The letters of the page around the map, which its frame does not load by itself.
  const copyFont = () => {
    try {
      const style = document.head.appendChild(document.createElement("style"));
      for (const sheet of window.parent.document.styleSheets) {
        for (const { cssText } of sheet.cssRules) {
          if (!cssText.startsWith("@font-face") || !cssText.includes("Source Sans")) continue;
          style.textContent += cssText.replace(/url\("([^"]+)"\)/g, (_, url) => `url("${new URL(url, sheet.href || window.parent.location.href)}")`);
        }
      }
    } catch (error) {
      console.info("the map has letters of its own", error);
    }
  };

  // What the page around the map tells of a country: its state in words, a quote, and its source.
  const findTold = (code) => {
    try {
      return window.parent.document.querySelector(`.e-told [data-code="${code}"]`);
    } catch (error) {
      return null;
    }
  };
  const label = ([name, meaning, note], told = null) => {
    const box = document.createElement("div");
    const strong = document.createElement("strong");
    strong.textContent = name;
    const rest = document.createElement("span");
    rest.textContent = meaning;
    box.append(strong, ...(told ? [...told.children].map((part) => document.importNode(part, true)) : [rest]));
    if (note) {
      const small = box.appendChild(document.createElement("small"));
      small.textContent = note;
    }
    return box;
  };

  const element = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    return made;
  };

  const isDark = (color) => {
    const probe = document.createElement("span");
    probe.style.color = (color || "").trim() || "#ffffff";
    document.body.append(probe);
    const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
    probe.remove();
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  };
})();
