// The kill switch: served at /sw.js instead of the worker when the worker itself is at fault.
// It takes over at once, forgets every cached file, removes itself and reloads what is open. What people wrote lies in IndexedDB
// and is not touched.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) await caches.delete(name);
      await self.registration.unregister();
      for (const client of await self.clients.matchAll({ type: "window" })) client.navigate(client.url);
    })(),
  );
});
