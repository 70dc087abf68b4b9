// The map in its frame: fetches the outlines once, paints them, names them and posts clicks.
//
// Python sends only what `ententeApply` is given: a swatch code for each country, the swatches that
// are in use, the focus and the selected country. Texts reach the page as text nodes alone.
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
  // Steps of zoom, each twice as close, that the map opens nearer than the whole world.
  const CLOSER = 1.6;
  const SHAPE = { shortest: 220, tallest: 640, share: 0.56 };

  let state = { values: {}, swatches: {}, selected: null, focus: null };
  let paint = () => {};
  let reveal = () => {};

  window.ententeApply = (next) => {
    const moved = next.selected !== state.selected;
    state = next;
    paint();
    if (moved) {
      reveal();
    }
    return L.layerGroup([]);
  };

  window.ententeMap = (map, options) => {
    const frame = window.Streamlit;
    const container = map.getContainer();
    const layers = new Map();
    const names = new Map();
    let dark = isDark(getComputedStyle(document.documentElement).getPropertyValue("--background-color"));
    let hovered = null;
    let home = null;

    // The frame is as high as its width asks for; the component would set one height for all screens.
    const setHeight = frame.setFrameHeight.bind(frame);
    frame.setFrameHeight = () => {
      const wanted = Math.round(container.clientWidth * SHAPE.share);
      const height = Math.max(SHAPE.shortest, Math.min(SHAPE.tallest, wanted));
      container.style.height = `${height}px`;
      setHeight(height);
    };
    try {
      window.frameElement.title = options.title;
    } catch (error) {
      console.info("the frame's title stays as it is", error);
    }
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", options.title);

    const outline = [];
    for (let lat = SOUTH; lat <= NORTH; lat += 2) outline.push(project(180, lat));
    for (let lat = NORTH; lat >= SOUTH; lat -= 2) outline.push(project(-180, lat));
    const world = L.latLngBounds([
      [project(0, SOUTH).lat, project(-180, 0).lng],
      [project(0, NORTH).lat, project(180, 0).lng],
    ]);
    map.createPane("points").style.zIndex = 450;
    const pointRenderer = L.svg({ pane: "points", padding: 0.5 });
    // The hovered and the chosen outline are drawn once more above all others. Raising the shapes
    // themselves would take them out of the page for a moment, and a click in that moment is lost.
    map.createPane("lines").style.zIndex = 440;
    const lineRenderer = L.svg({ pane: "lines", padding: 0.5 });
    const drawLine = (weight) =>
      L.polygon([], { renderer: lineRenderer, pane: "lines", interactive: false, fill: false, weight }).addTo(map);
    const lines = { hovered: drawLine(1.4), selected: drawLine(1.7) };
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

    // Opens on the countries that have a value of their own, since most news speaks of one corner of
    // the world; the whole is one press away.
    const open = () => {
      const told = Object.entries(state.values)
        .filter(([, value]) => value !== "mentioned")
        .map(([code]) => code);
      const near = L.latLngBounds([]);
      for (const code of [...told, state.focus, state.selected]) {
        const [layer] = layers.get(code) || [];
        if (layer) near.extend(layer.middle);
      }
      const farthest = map.getMinZoom();
      if (near.isValid()) {
        const wanted = Math.min(map.getBoundsZoom(near.pad(0.25)), farthest + CLOSER);
        map.setView(near.getCenter(), Math.max(wanted, farthest), { animate: false });
      } else {
        map.setView(world.getCenter(), farthest, { animate: false });
      }
      home = { zoom: map.getZoom(), center: map.getCenter() };
    };
    const Whole = L.Control.extend({
      options: { position: "bottomright" },
      onAdd: () => {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        const button = L.DomUtil.create("a", "entente-world", bar);
        Object.assign(button, { href: "#", role: "button", textContent: options.world });
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(button, "click", (event) => {
          L.DomEvent.preventDefault(event);
          map.setView(world.getCenter(), map.getMinZoom());
        });
        return bar;
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

    fit();
    map.setMaxBounds(world.pad(0.04));

    // The wheel scrolls the page until the map is in use.
    map.scrollWheelZoom.disable();
    map.on("click focus", () => map.scrollWheelZoom.enable());
    container.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());

    const swatchOf = (code) =>
      state.swatches[code === state.focus ? "focus" : state.values[code] || "none"] || null;

    const styleOf = (code, kind) => {
      const theme = dark ? THEMES.dark : THEMES.light;
      const swatch = swatchOf(code);
      const chosen = code === state.selected;
      const style = {
        weight: 0.6,
        color: theme.border,
        fillColor: swatch ? `url(#swatch-${swatch.code})` : theme.edge,
        fillOpacity: 1,
        opacity: 1,
      };
      if (kind === "point") {
        const told = chosen || code === state.focus || code in state.values;
        style.radius = told ? 5.5 : Math.max(1.5, Math.min(4, 1.5 + map.getZoom()));
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
          shape.setAttribute("data-code", code);
          shape.setAttribute("data-value", code === state.focus ? "focus" : state.values[code] || "none");
          shape.setAttribute("aria-label", describe(code).join(": "));
          shape.toggleAttribute("data-selected", code === state.selected);
        }
      }
    };

    const describe = (code) => {
      const swatch = swatchOf(code);
      return [names.get(code) || code, swatch ? swatch.label : ""];
    };

    const drawSwatches = () => {
      defs.replaceChildren();
      for (const swatch of Object.values(state.swatches)) {
        const pattern = element("pattern", {
          id: `swatch-${swatch.code}`,
          width: options.tile,
          height: options.tile,
          patternUnits: "userSpaceOnUse",
        });
        pattern.append(
          element("rect", { width: options.tile, height: options.tile, fill: dark ? swatch.dark : swatch.color }),
          element("path", {
            d: swatch.path,
            fill: "none",
            stroke: dark ? swatch.inkDark : swatch.ink,
            "stroke-width": swatch.width,
          }),
        );
        defs.append(pattern);
      }
    };

    paint = () => {
      const theme = dark ? THEMES.dark : THEMES.light;
      document.body.style.background = theme.page;
      container.style.background = theme.sea;
      document.documentElement.dataset.theme = dark ? "dark" : "light";
      sea.setStyle({ fillColor: theme.sea });
      drawSwatches();
      layers.forEach((_, code) => restyle(code));
      outlineAs("hovered", hovered);
      outlineAs("selected", state.selected);
    };

    const outlineAs = (role, code) => {
      const shape = (layers.get(code) || []).find((layer) => layer.kind === "outline");
      lines[role].setStyle({ color: (dark ? THEMES.dark : THEMES.light).chosen });
      lines[role].setLatLngs(shape ? shape.getLatLngs() : []);
    };

    reveal = () => {
      const [layer] = layers.get(state.selected) || [];
      if (layer && !map.getBounds().contains(layer.middle)) {
        map.panTo(layer.middle);
      }
    };

    const choose = (code) => {
      const before = state.selected;
      state.selected = code;
      restyle(before);
      restyle(code);
      outlineAs("selected", code);
      tell(code);
      frame.setComponentValue({ code, n: Date.now() });
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
        window.parent.document.querySelector(".e-panel")?.scrollIntoView({ behavior: "smooth" });
      });
      strip.replaceChildren(label(describe(code)), read);
      strip.hidden = false;
    };

    const hasHover = window.matchMedia("(hover: hover)").matches;
    const add = (layer, code, kind, middle) => {
      Object.assign(layer, { kind, middle });
      layers.set(code, [...(layers.get(code) || []), layer]);
      layer.on("click", () => choose(code));
      if (hasHover) {
        layer.on("mouseover", () => hover(code));
        layer.on("mouseout", () => hover(null));
        layer.bindTooltip(() => label(describe(code)), { sticky: true, direction: "top", opacity: 1 });
      }
      layer.addTo(map);
    };

    const draw = (shapes) => {
      for (const shape of shapes.features) {
        const { name, lon, lat, marker, neutral } = shape.properties;
        const code = shape.id;
        const middle = project(lon, lat);
        if (shape.geometry) {
          const [outlineOf] = L.geoJSON(shape, {
            coordsToLatLng: ([east, north]) => project(east, north),
            interactive: !neutral,
            smoothFactor: 0,
          }).getLayers();
          if (neutral) {
            outlineOf.setStyle({ weight: 0.6, color: THEMES.light.edge, fillColor: THEMES.light.edge, fillOpacity: 1 });
            outlineOf.addTo(map);
            continue;
          }
          names.set(code, name);
          add(outlineOf, code, "outline", middle);
        }
        if (marker) {
          names.set(code, name);
          const point = L.circleMarker(middle, { renderer: pointRenderer, pane: "points", radius: 3 });
          add(point, code, "point", middle);
        }
      }
      paint();
      open();
      container.dataset.ready = String(layers.size);
    };

    map.on("zoomend", () => layers.forEach((each, code) => each.length > 1 && restyle(code)));
    frame.events.addEventListener(frame.RENDER_EVENT || "streamlit:render", (event) => {
      const theme = event.detail.theme;
      const now = theme ? isDark(theme.backgroundColor) : dark;
      if (now !== dark) {
        dark = now;
        paint();
      }
    });

    fetch(options.geometry)
      .then((answer) => {
        if (!answer.ok) {
          throw new Error(`the server answered ${answer.status}`);
        }
        return answer.json();
      })
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

  const label = ([name, meaning]) => {
    const box = document.createElement("div");
    const strong = document.createElement("strong");
    strong.textContent = name;
    const rest = document.createElement("span");
    rest.textContent = meaning;
    box.append(strong, rest);
    return box;
  };

  const element = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
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
