#!/bin/sh
# Count, and on request delete, the results that Medical-X has stored in an Orthanc.
#
#   remove-results.sh http://127.0.0.1:8042 all                    how many series there are
#   remove-results.sh http://127.0.0.1:8042 <SHA-256 of a model>   those of one model
#   remove-results.sh http://127.0.0.1:8042 <...> --delete         delete them
#
# Each result is a series of its own, so whole series are deleted. User and password come from MEDICAL_X_DICOMWEB_USER and
# MEDICAL_X_DICOMWEB_PASSWORD, if they are set. The password must not contain quotes or backslashes.
set -eu
orthanc=${1:?"the address of Orthanc is missing"}
model=${2:?"the SHA-256 of a model, or all, is missing"}

ask() { # The password goes through a pipe: arguments can be seen by all users of a machine.
  if [ -n "${MEDICAL_X_DICOMWEB_USER:-}" ]; then
    printf 'user = "%s:%s"\n' "$MEDICAL_X_DICOMWEB_USER" "${MEDICAL_X_DICOMWEB_PASSWORD:-}"
  fi | curl --config - --silent --show-error --fail "$@"
}

case $model in
  all) query='"ManufacturerModelName": "Medical-X"' ;;
  *[!0-9a-f]*)
    echo "remove-results.sh: \"$model\" is no SHA-256: 64 digits from 0 to f are expected, or the word all" >&2
    exit 2
    ;;
  *) query='"ManufacturerModelName": "Medical-X", "DeviceSerialNumber": "'"$model"'"' ;;
esac
found=$(ask --data "{ \"Level\": \"Series\", \"Query\": { $query } }" "$orthanc/tools/find")
# Orthanc's ids are five groups of eight digits.
ids=$(printf '%s' "$found" | grep -oE '[0-9a-f]{8}(-[0-9a-f]{8}){4}' || true)
count=$(printf '%s' "$ids" | grep -c . || true)
if [ "${3:-}" != "--delete" ]; then
  echo "$count series"
  exit
fi
for id in $ids; do
  ask --request DELETE --output /dev/null "$orthanc/series/$id"
done
echo "$count series deleted"
