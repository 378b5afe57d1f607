/**
 * The report: one page of paper with the X-ray, maps, findings, checks, model and notice. It is only seen in print.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { distinctWarnings } from "../../src/checks/check.ts";
import { displayName } from "../../src/findings.ts";
import type { FinishedJson, ImageItem } from "../state/item.ts";
import { pointsOf, selectedItem } from "../state/page-state.ts";
import { percentText } from "../state/sizes.ts";
import { byProbability } from "../state/sorting.ts";
import { reaches, thresholdOf } from "../state/thresholds.ts";
import { cssValues } from "./css-values.ts";
import { PageElement } from "./page-element.ts";

/** A picture of the report. */
export interface ReportPicture {
  readonly picture: Blob;
  readonly caption: string;
}

/** The report on paper. */
export class Report extends PageElement {
  static override properties = { ...PageElement.properties, pictures: { state: true } };

  declare pictures: readonly { readonly url: string; readonly caption: string }[];
  /** The image that the pictures are of. */
  #item: number | undefined;

  constructor() {
    super();
    this.pictures = [];
  }

  /** Show the report of an image to the printer. */
  async print(item: number | undefined, pictures: readonly ReportPicture[]): Promise<void> {
    for (const { url } of this.pictures) URL.revokeObjectURL(url);
    this.pictures = pictures.map(({ picture, caption }) => ({ url: URL.createObjectURL(picture), caption }));
    this.#item = item;
    await this.updateComplete;
    await Promise.all(
      [...this.querySelectorAll("img")].map((image) => image.decode().catch(() => undefined)),
    );
    window.print();
  }

  protected override render() {
    const item = selectedItem(this.state);
    if (item?.reading === undefined || this.pictures.length === 0 || item.id !== this.#item) {
      return html`<main>Nothing to print yet. “Save” has a report of the image that is shown.</main>`;
    }
    const { json } = item.reading;
    return html`
      <main class="report" data-testid="report">
        <header>
          <h1>Medical-X report: for research only</h1>
          <p>${item.name}</p>
        </header>
        <div class="report-pictures" data-count=${this.pictures.length}>
          ${this.pictures.map(
            ({ url, caption }) => html`<figure>
              <img src=${url} alt="" />
              <figcaption>${caption}</figcaption>
            </figure>`,
          )}
        </div>
        ${this.#table(json)} ${this.#checks(json)} ${this.#model(item, json)}
        <p class="report-notice">${json.notice}</p>
      </main>
    `;
  }

  #table(json: FinishedJson) {
    const { thresholds } = this.state;
    const points = pointsOf(this.state);
    const hasCalibrated = json.calibrated !== undefined;
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Finding</th>
          <th scope="col">Probability</th>
          ${hasCalibrated ? html`<th scope="col">Calibrated</th>` : nothing}
          <th scope="col">Threshold</th>
          <th scope="col">Detected</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${byProbability(json.model.labels, json.probabilities).map((label) => {
          const probability = json.probabilities[label]!;
          const calibrated = json.calibrated?.[label];
          const threshold = thresholdOf(label, thresholds, points);
          return html`<tr>
            <th scope="row">${displayName(label)}</th>
            <td>${percentText(probability)}</td>
            ${hasCalibrated ? html`<td>${calibrated === undefined ? "" : percentText(calibrated)}</td>` : nothing}
            <td>${percentText(threshold)}</td>
            <td>${reaches(probability, threshold) ? "detected" : ""}</td>
            <td class="report-bar"><span ${cssValues({ "--share": probability })}></span></td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #checks({ checks }: FinishedJson) {
    const warned = distinctWarnings(checks);
    return html`<h2>Input checks</h2>
      ${
        warned.length === 0
          ? html`<p>None of the checks speaks against this image.</p>`
          : html`<ul>
              ${warned.map(({ reason }) => html`<li>${reason}</li>`)}
            </ul>`
      }`;
  }

  #model({ reading }: ImageItem, { model, preparation }: FinishedJson) {
    const sha256 = model.sha256 === "" ? this.state.model.sha256 : model.sha256;
    const where = reading?.where === "server" ? "on the server" : "in a browser";
    return html`<h2>Model and preparation</h2>
      <p>${model.name}, SHA-256 ${sha256}; Medical-X ${this.state.facts?.version ?? ""}, computed ${where}.</p>
      <p>${preparation.join("; ")}.</p>`;
  }
}

customElements.define("mx-report", Report);

declare global {
  interface HTMLElementTagNameMap {
    "mx-report": Report;
  }
}
