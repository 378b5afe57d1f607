#!/bin/sh
# List, and on request delete, the results that Medical-X has stored in an Orthanc.
#
#   remove-results.sh http://127.0.0.1:8042 all                  count all results
#   remove-results.sh http://127.0.0.1:8042 <SHA-256 of a model> count those of one model
#   remove-results.sh http://127.0.0.1:8042 <...> --delete       delete them
#
# `medical-x models list` and every result name the SHA-256. Each result is a series of its own, so whole series are
# deleted, and nothing else is in them. User and password come from MEDICAL_X_DICOMWEB_USER and ..._PASSWORD, if set.
set -eu
orthanc=${1:?the address of Orthanc}
model=${2:?the SHA-256 of a model, or "all"}

ask() { # The password goes through a pipe: arguments can be seen by all users of a machine.
  if [ -n "${MEDICAL_X_DICOMWEB_USER:-}" ]; then
    printf 'user = "%s:%s"\n' "$MEDICAL_X_DICOMWEB_USER" "${MEDICAL_X_DICOMWEB_PASSWORD:-}"
  fi | curl --config - --silent --show-error --fail "$@"
}

case $model in
  all) query='"ManufacturerModelName": "Medical-X"' ;;
  *) query='"ManufacturerModelName": "Medical-X", "DeviceSerialNumber": "'"$model"'"' ;;
esac
series=$(ask --data "{ \"Level\": \"Series\", \"Query\": { $query } }" "$orthanc/tools/find" | tr -d '[]", \n' | fold -w 44)
count=$(printf '%s' "$series" | grep -c . || true)
if [ "${3:-}" != "--delete" ]; then
  echo "$count series"
  exit
fi
for id in $series; do
  ask --request DELETE --output /dev/null "$orthanc/series/$id"
done
echo "$count series deleted"
