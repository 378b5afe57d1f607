/** From what scoring costs on one machine to plans for many: arithmetic and Markdown, no measuring. */

/** The plans of docs/scale.md: images, tasks, cores of each, images of a shard. */
export const PLANS = [
  { images: 112_120, tasks: 16, cores: 2, shardSize: 1000 },
  { images: 10_000_000, tasks: 256, cores: 4, shardSize: 5000 },
];

/** US dollars for one core for an hour. An assumption: put your own price in its place. */
export const PRICE = 0.04;

/**
 * What a plan needs, if all cores are as fast as the measured one and the storage keeps up.
 *
 * @param figures  Processor seconds (`perImage`, `start`), bytes (`imageBytes`, `rowBytes`, `planBytes`).
 * @param plan     Numbers of images, tasks, cores per task, images per shard.
 * @returns        Shards; core hours; hours until the slowest task ends, which has one shard more than the others; dollars;
 *                 bytes that are read and kept, and bytes per second that the storage must deliver meanwhile.
 */
export function needs(figures, { images, tasks, cores, shardSize }) {
  const shards = Math.ceil(images / shardSize);
  const coreHours = (images * figures.perImage + tasks * cores * figures.start) / 3600;
  const slowest = Math.min(Math.ceil(shards / tasks) * shardSize, images);
  const hours = ((slowest * figures.perImage) / cores + figures.start) / 3600;
  return {
    shards,
    coreHours,
    hours,
    dollars: coreHours * PRICE,
    read: images * figures.imageBytes,
    rate: (images * figures.imageBytes) / (hours * 3600),
    plan: images * figures.planBytes,
    rows: images * figures.rowBytes,
  };
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in decimal units with three digits, such as "45.1 GB". */
function bytes(count) {
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${UNITS[unit]}`;
}

const number = (value) => value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
const whole = (value) => value.toLocaleString("en-US");
const time = (hours) => (hours < 1 ? `${Math.ceil(hours * 60)} min` : `${number(hours)} h`);

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** What was measured. */
export function figuresTable(figures) {
  const { machine, date, images } = figures;
  const rows = [
    ["one image, from its file to its row", `${number(figures.perImage * 1000)} ms of one core`],
    ["starting a task: the command, the plan, the model", `${number(figures.start)} s of one core`],
    ["starting a task whose shards are all done", `${number(figures.again)} s of one core`],
    ["memory of a task with one worker, with two", `${bytes(figures.peakOne)}, ${bytes(figures.peakTwo)}`],
    ["listing one file of a folder", `${number(figures.listing * 1e6)} µs of one core`],
    ["the plan, for each image", bytes(figures.planBytes)],
    ["a row, in a shard's file and in the merged one", bytes(figures.rowBytes)],
  ];
  if (figures.wall !== undefined) {
    const [one, two] = figures.wall.map((seconds) => `${number(seconds)} s`);
    rows.push([`${whole(figures.count)} images, wall time with one worker, with two`, `${one}, ${two}`]);
  }
  return `Measured on ${date} on ${machine}, with ${images}.\n\n${table(["what", "costs"], rows)}`;
}

/** The plans, one column each. */
export function planTable(figures) {
  const all = PLANS.map((plan) => ({ ...plan, ...needs(figures, plan) }));
  const row = (name, cell) => [name, ...all.map(cell)];
  return table(
    ["", ...all.map(({ images }) => `${whole(images)} images`)],
    [
      row("tasks × cores", ({ tasks, cores }) => `${whole(tasks)} × ${cores}`),
      row("`--shard-size`, shards", ({ shardSize, shards }) => `${whole(shardSize)}, ${whole(shards)}`),
      row("core hours", ({ coreHours }) => number(coreHours)),
      row("time, if the storage keeps up", ({ hours }) => time(hours)),
      row(`cost at $${PRICE} per core hour`, ({ dollars }) => `$${dollars.toFixed(2)}`),
      row("read from the storage", ({ read }) => bytes(read)),
      row("that is, per second", ({ rate }) => bytes(rate)),
      row("`plan.json`", ({ plan }) => bytes(plan)),
      row("shards, and as much again merged", ({ rows }) => bytes(rows)),
    ],
  );
}
