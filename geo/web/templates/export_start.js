const map = L.map("map_div", {
  crs: L.CRS.Simple, zoomSnap: 0, attributionControl: false, doubleClickZoom: false, zoomControl: false,
}).setView([0, 0], 0);
L.control.zoom({ position: "bottomright" }).addTo(map);
const unpack = (packed) => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
};
window.fetch = async () => unpack({{ geometry | tojson }});
window.ententeMap(map, {{ options }});
window.ententeApply({{ push }});
