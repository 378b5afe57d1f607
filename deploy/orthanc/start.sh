#!/bin/sh
# Start the test archive. Images go to ORTHANC_STORAGE, by default the folder "archive" of the working folder. It needs Orthanc
# with DICOMweb (Debian: orthanc, orthanc-dicomweb), and a password in MEDICAL_X_DICOMWEB_PASSWORD. Ctrl-C ends it.
set -eu
: "${MEDICAL_X_DICOMWEB_PASSWORD:?put the password of the user medical-x into this variable, and export it}"
export ORTHANC_STORAGE="${ORTHANC_STORAGE:-$PWD/archive}"
exec Orthanc "$(dirname "$0")/orthanc.conf"
