/** What is used of dcmjs, which has no types of its own. */
declare module "dcmjs" {
  interface Element {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }

  interface WriteOptions {
    readonly allowInvalidVRLength: boolean;
  }

  export const data: {
    readonly DicomDict: new (
      meta: Record<string, Element>,
    ) => {
      dict: Record<string, Element>;
      /** The whole file, with preamble and file meta information. */
      write(options?: WriteOptions): ArrayBuffer;
    };
  };
}
