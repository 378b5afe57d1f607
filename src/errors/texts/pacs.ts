/**
 * Errors of archives: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const PACS = {
  title: "Archives",
  errors: {
    "pacs/bad-match": {
      cause: "The attributes that studies or images must have cannot be read.",
      wayOn:
        "Give keywords and values like Modality=DX,CR or StudyDate=20261127-; only Modality can have several.",
    },
    "pacs/no-archive": {
      cause: "No archive was named.",
      wayOn: "Give the address of an Orthanc, or of another archive's DICOMweb.",
    },
    "pacs/no-state": {
      cause: "The folder is no state folder: nothing has worked in it.",
      wayOn: "Name the folder that the watcher or the listener was given.",
    },
    "pacs/bad-state": {
      cause: "The journal of a state folder is damaged, or was written by another version of the program.",
      wayOn:
        "Restore the folder from a backup, or name a new one: results that the archive has are then made again under the same UIDs, which does no harm.",
    },
    "pacs/other-archive": {
      cause:
        "The state folder belongs to another archive: results that wait in it are for that one, and what that one has says nothing about this one.",
      wayOn:
        "Name another folder. If the archive itself has another address now, say so; a folder stays with one interface (Orthanc, DICOMweb, or a listener).",
    },
    "pacs/deadly": {
      cause: "The program was ended several times while it read this image and no other.",
      wayOn:
        "Look at the image and report what you find; the state folder keeps it apart until it is put back.",
    },
    "pacs/bad-address": {
      cause: "The archive's address is not one of http or https, or contains a password or a query.",
      wayOn:
        "Give the address of the archive's interface alone; a password belongs in the environment or a netrc file.",
    },
    "pacs/bad-credentials": {
      cause:
        "The variables or the file with the user, the password or the token are incomplete or cannot be used.",
      wayOn: "Correct what the message names.",
    },
    "pacs/plain-password": {
      cause: "The password or token would cross the network unencrypted.",
      wayOn: "Use https; plain HTTP can be allowed where the network is trusted, as between two containers.",
    },
    "pacs/bad-certificate": {
      cause: "A file with a certificate or a private key cannot be used, or they do not belong together.",
      wayOn: "Name files in PEM; the message says what is wrong.",
    },
    "pacs/bad-uid": {
      cause:
        "What was given as a study's UID is none; or an archive has a study or an image under such a UID.",
      wayOn:
        "Give the Study Instance UID: digits and dots, at most 64. What has no valid UID is not read; send it to the archive again as its device should have made it.",
    },
    "pacs/no-connection": {
      cause: "The archive could not be reached, or the connection ended before its answer did.",
      wayOn: "Check that the archive is running, its address, and the network; the message has the reason.",
    },
    "pacs/association-rejected": {
      cause: "The archive does not accept DICOM associations from this program.",
      wayOn: "Enter this program's AE title and address there, and check the archive's own AE title.",
    },
    "pacs/tls": {
      cause: "No trusted TLS connection to the archive came about.",
      wayOn:
        "Name the authority's certificate, or the client certificate that the archive expects; the message says which.",
    },
    "pacs/unauthorised": {
      cause: "The archive does not know this user, password or token.",
      wayOn: "Correct the credentials in the environment or the netrc file.",
    },
    "pacs/forbidden": {
      cause: "The archive knows who asks and does not allow it.",
      wayOn: "Give this program's user the right to search, to fetch and to store there.",
    },
    "pacs/busy": {
      cause: "The archive has too much to do and asks to be left alone for a while.",
      wayOn: "Try again later.",
    },
    "pacs/server-error": {
      cause: "The archive failed while it answered.",
      wayOn: "Look at the archive's log, and try again.",
    },
    "pacs/redirected": {
      cause: "The archive names another server instead, to which credentials are not sent.",
      wayOn: "If that server is the archive's own, give its address.",
    },
    "pacs/bad-answer": {
      cause: "The answer is damaged, or is not what an archive answers.",
      wayOn:
        "Check that the address is that of the archive's DICOMweb or of Orthanc; a login page answers like this.",
    },
    "pacs/too-large": {
      cause:
        "The image or the answer is larger than what is read, or the object is larger than what the archive takes.",
      wayOn: "Match fewer studies, or raise the archive's limit; the message says which.",
    },
    "pacs/not-found": {
      cause: "The archive does not have what was asked for.",
      wayOn: "Check the address of its interface; an image may have been deleted in the meantime.",
    },
    "pacs/no-interface": {
      cause:
        "The address answers, but has none of the archive's interface: it is a wrong one, or a proxy answers while the archive is away.",
      wayOn: "Check the address, and whether the archive runs; a watcher goes on by itself once it does.",
    },
    "pacs/no-study": {
      cause: "The archive has no study of this UID, or the study has no image.",
      wayOn: "Check the UID and the archive.",
    },
    "pacs/refused": {
      cause: "The archive refused the request.",
      wayOn: "Check the address, and whether the archive supports QIDO-RS, WADO-RS and STOW-RS.",
    },
    "pacs/not-stored": {
      cause: "The archive does not take the result, and would not take it at another attempt either.",
      wayOn: "Allow its SOP class, or what else the message names, in the archive's settings.",
    },
    "pacs/store-failed": {
      cause: "The archive could not store the result.",
      wayOn: "Look at the archive's log and its disk, and try again.",
    },
    "pacs/no-space": {
      cause: "The archive cannot keep the result: its disk is full, or cannot be written to.",
      wayOn: "Make room in the archive; nothing is lost until then.",
    },
    "pacs/interrupted": {
      cause: "The work was interrupted.",
      wayOn: "Run the same command again; what is stored already is not stored twice.",
    },
    "pacs/no-image": {
      cause:
        "The object is a report, a presentation state or the like, and has no picture; or it is no DICOM file.",
      wayOn: "None is needed: such objects are passed over.",
    },
    "pacs/bad-aet": {
      cause: "An AE title is empty, longer than 16 characters, or has characters that it must not have.",
      wayOn: "Correct it; the archive's administrator knows the title.",
    },
    "pacs/needs-senders": {
      cause: "Other machines can reach the listener, and it was not told who may send.",
      wayOn: "Name the AE titles that may send, or listen at 127.0.0.1.",
    },
    "pacs/needs-certificate": {
      cause: "The listener is to use TLS, and has no certificate to show.",
      wayOn: "Name the files with its certificate and its key, in PEM.",
    },
    "pacs/no-port": {
      cause: "The listener could not listen at this host and port.",
      wayOn: "Choose another port: the message has the system's reason.",
    },
    "pacs/not-frontal": {
      cause: "The header calls the view lateral, oblique or something else than frontal.",
      wayOn: "None is needed if that is so; otherwise have it read all the same.",
    },
    "pacs/other-modality": {
      cause: "The image is no digital or computed radiograph.",
      wayOn: "None is needed: such images are passed over.",
    },
    "pacs/own-result": {
      cause: "The object is a result that this program made.",
      wayOn: "None is needed: results are never read as images.",
    },
  },
} satisfies ErrorArea;
