// The last minutes of every application, a point each second.

// points is how many there are in a chart.
export const points = 300;

// Trends keeps points by application, the latest last.
export class Trends {
  #all = new Map();

  // start takes what the server remembers, in the place of what was here.
  start(all) {
    this.#all = new Map(Object.entries(all));
  }

  // add takes one point of each application.
  add(latest) {
    for (const path of this.#all.keys()) if (!(path in latest)) this.#all.delete(path);
    for (const [path, point] of Object.entries(latest)) {
      const list = this.#all.get(path) ?? [];
      list.push(point);
      this.#all.set(path, list.slice(-points));
    }
  }

  of(path) {
    return this.#all.get(path) ?? [];
  }
}
