/**
 * The WebAssembly module of dcmjs-codecs: one compressed frame in, its samples out.
 *
 * Knows:      the module's functions, which are the same in Node and in a browser. Not DICOM files, nor where the module
 *             comes from.
 * Reference:  dcmjs-codecs 0.0.8, wasm/src/Decoders.cpp and src/NativeCodecs.js.
 *
 * The module's decoders are strict only in part. They say on the side what they find damaged (`complaint`), and what
 * they cannot decode ends in a trap, after which an instance is never used again.
 */

/** A decoder of the module. */
export type CodecName = "Jpeg" | "JpegLs" | "Jpeg2000" | "HtJpeg2000";

/** The functions of the module. Pointers are numbers. */
type CodecFunction = (...values: number[]) => number;

/** What an instance of the module offers. */
export interface CodecExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly [name: string]: CodecFunction | { readonly buffer: ArrayBuffer };
}

/** What the module needs: functions by module and name. */
export type CodecImports = Record<string, Record<string, CodecFunction>>;

/** Makes an instance of the module. Throws XrayError `dicom/no-codec` where it cannot be loaded. */
export type CodecLoader = (imports: CodecImports) => Promise<CodecExports>;

/** One frame to decode. */
export interface CodecJob {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of a sample in the stream. */
  readonly bits: number;
  readonly isSigned: boolean;
  /** Whether JPEG's YCbCr is to become RGB. */
  readonly toRgb: boolean;
}

/** What a decoder returned. */
export interface CodecResult {
  readonly samples: Uint8Array;
  /** What the decoder found damaged, in its own words. */
  readonly complaint?: string;
}

const SUCCESS = 0;

/** What libjpeg's warnings begin with (jerror.h, JWRN_…); it also tells of each marker that it reads. */
const JPEG_WARNING = /::(?:EmitMessage|OutputMessage)::((?:Corrupt|Premature|Inconsistent|Invalid) .*)/;

/** OpenJPEG's warnings, but for those about markers and boxes that it does not need. */
const JPEG_2000_WARNING = /::OpjMessageCallbackWarning::(?!Unknown marker|JP2 box)([^\n]*)/;

/** Whatever a decoder writes on its standard output or error is a complaint, as OpenJPH does. */
const WRITTEN = "written::";

/** The first complaint among a decoder's messages. */
function complaintOf(messages: readonly string[]): string | undefined {
  for (const message of messages) {
    const words = message.startsWith(WRITTEN)
      ? message.slice(WRITTEN.length)
      : (JPEG_WARNING.exec(message) ?? JPEG_2000_WARNING.exec(message))?.[1];
    const line = words?.trim().split("\n")[0];
    if (line) return line;
  }
  return undefined;
}

/** A started instance of the module. */
export class CodecModule {
  readonly #exports: CodecExports;
  readonly #messages: string[];

  private constructor(exports: CodecExports, messages: string[]) {
    this.#exports = exports;
    this.#messages = messages;
  }

  static async start(load: CodecLoader): Promise<CodecModule> {
    const messages: string[] = [];
    let memory: { readonly buffer: ArrayBuffer } | undefined;
    const textAt = (at: number, length: number): string =>
      new TextDecoder("latin1").decode(new Uint8Array(memory!.buffer, at, length));
    const exports = await load({
      env: {
        onCodecsInfo: (at, length) => messages.push(textAt(at!, length!)),
        onCodecsTrace: () => SUCCESS,
        onCodecsException: (at, length) => {
          throw new Error(textAt(at!, length!));
        },
        emscripten_notify_memory_growth: () => SUCCESS,
      },
      wasi_snapshot_preview1: {
        proc_exit: (code) => {
          throw new Error(`it ended with ${code}`);
        },
        clock_time_get: (_clock, _precision, at) => {
          new DataView(memory!.buffer).setBigUint64(at!, 0n, true);
          return SUCCESS;
        },
        fd_write: (_file, list, count, written) => {
          const view = new DataView(memory!.buffer);
          let total = 0;
          for (let i = 0; i < count!; i++) {
            const [at, length] = [
              view.getUint32(list! + 8 * i, true),
              view.getUint32(list! + 8 * i + 4, true),
            ];
            messages.push(WRITTEN + textAt(at, length));
            total += length;
          }
          view.setUint32(written!, total, true);
          return SUCCESS;
        },
        fd_close: () => SUCCESS,
        fd_seek: () => SUCCESS,
        environ_get: () => SUCCESS,
        environ_sizes_get: (count, size) => {
          const view = new DataView(memory!.buffer);
          view.setUint32(count!, 0, true);
          view.setUint32(size!, 0, true);
          return SUCCESS;
        },
      },
    });
    memory = exports.memory;
    return new CodecModule(exports, messages);
  }

  #call(name: string, ...values: number[]): number {
    return (this.#exports[name] as CodecFunction)(...values);
  }

  /**
   * Decode a frame.
   *
   * @returns  Samples of 8 bits, or of 16 in little endian where the stream has more than 8.
   * @throws   Whatever the decoder throws; the instance must not be used again then.
   */
  decode(job: CodecJob): CodecResult {
    this.#messages.length = 0;
    const context = this.#call("CreateCodecsContext");
    const settings: readonly (readonly [string, number])[] = [
      ["SetColumns", job.width],
      ["SetRows", job.height],
      ["SetBitsAllocated", job.bits > 8 ? 16 : 8],
      ["SetBitsStored", job.bits],
      ["SetSamplesPerPixel", job.components],
      ["SetPixelRepresentation", job.isSigned ? 1 : 0],
      ["SetPlanarConfiguration", 0],
      ["SetPhotometricInterpretation", 1],
      ["SetEncodedBufferSize", job.bytes.length],
    ];
    for (const [name, value] of settings) this.#call(name, context, value);
    const { memory } = this.#exports;
    new Uint8Array(memory.buffer).set(job.bytes, this.#call("GetEncodedBuffer", context));
    const parameters = this.#call("CreateDecoderParameters");
    this.#call("SetConvertColorspaceToRgb", parameters, job.toRgb ? 1 : 0);
    this.#call(`Decode${job.codec}`, context, parameters);
    this.#call("ReleaseDecoderParameters", parameters);
    const [at, size] = [this.#call("GetDecodedBuffer", context), this.#call("GetDecodedBufferSize", context)];
    const samples = new Uint8Array(memory.buffer, at, size).slice();
    this.#call("ReleaseCodecsContext", context);
    const complaint = complaintOf(this.#messages);
    return complaint === undefined ? { samples } : { samples, complaint };
  }
}
