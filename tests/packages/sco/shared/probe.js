// What a curious package could reach. Everything is tried; the test reads what came of it.
window.probe = async (elsewhere) => {
  const tried = async (it) => {
    try {
      return String(await it());
    } catch (error) {
      return `refused: ${error.name}`;
    }
  };
  const loaded = (tag, set) =>
    new Promise((resolve, reject) => {
      const it = document.createElement(tag);
      it.onload = () => resolve("loaded");
      it.onerror = () => reject(new Error("not loaded"));
      set(it);
      document.body.append(it);
    });
  return {
    cookie: await tried(() => document.cookie || "nothing"),
    page: await tried(() => window.top.document.title),
    storage: await tried(() => window.top.localStorage.length),
    asked: await tried(async () => (await fetch(`${elsewhere}/version`)).status),
    blind: await tried(async () => (await fetch(`${elsewhere}/version`, { mode: "no-cors" })).type),
    picture: await tried(() => loaded("img", (it) => (it.src = `${elsewhere}/favicon.svg`))),
    script: await tried(() => loaded("script", (it) => (it.src = `${elsewhere}/sw.js`))),
    beacon: await tried(() => navigator.sendBeacon(`${elsewhere}/version`, "x")),
    window: await tried(() => (window.open(elsewhere) ? "opened" : "nothing")),
    top: await tried(() => { window.top.location = elsewhere; return "asked"; }),
    worker: await tried(() => navigator.serviceWorker.register("index.html").then(() => "registered")),
  };
};
