/**
 * Examples of requests for a shell with curl, by method and path.
 *
 * `$SERVER` stands for the server's address, with a slash at the end.
 *
 * Knows: the API's paths.
 */

/** @param model  The name of the model that is served. */
export const shellExamples = (model: string): Readonly<Record<string, string>> => ({
  "post /api/predict": `curl --data-binary @xray.png --header "Content-Type: image/png" "$SERVER"api/predict
curl --form image=@first.png --form image=@second.dcm "$SERVER"api/predict?threshold=card`,
  "get /api/model": `curl "$SERVER"api/model`,
  "get /api/examples": `curl "$SERVER"api/examples`,
  "post /v2/models/{model}/infer": `base64 < xray.png | tr -d '\\n' | {
  printf '{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": ["'
  cat
  printf '"]}], "outputs": [{"name": "probabilities"}]}'
} | curl --data-binary @- --header "Content-Type: application/json" "$SERVER"v2/models/${encodeURIComponent(model)}/infer`,
  "get /metrics": `curl "$SERVER"metrics`,
});
