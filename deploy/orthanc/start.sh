#!/bin/sh
# Start the test archive. Images go to ORTHANC_STORAGE, by default the folder "archive" of the working folder. It needs Orthanc
# with DICOMweb (Debian: orthanc, orthanc-dicomweb), and a password in MEDICAL_X_DICOMWEB_PASSWORD. Ctrl-C ends it.
set -eu
case ${MEDICAL_X_DICOMWEB_PASSWORD:-} in
  "")
    echo "start.sh: put a password for the user medical-x into MEDICAL_X_DICOMWEB_PASSWORD, and export it" >&2
    exit 2
    ;;
  *[!A-Za-z0-9._-]*)
    echo "start.sh: MEDICAL_X_DICOMWEB_PASSWORD may have letters, digits, dots, hyphens and underscores only" >&2
    exit 2
    ;;
esac
export ORTHANC_STORAGE="${ORTHANC_STORAGE:-$PWD/archive}"
exec Orthanc "$(dirname "$0")/orthanc.conf"
