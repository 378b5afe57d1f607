/**
 * Errors of label files and data folders: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const DATA = {
  title: "Label files and data folders",
  errors: {
    "data/no-label-file": {
      cause: "The data folder has no label file.",
      wayOn: "Put NIH's Data_Entry_2017.csv there, or name a label file.",
    },
    "data/several-label-files": {
      cause: "The data folder has several label files.",
      wayOn: "Name the one to use.",
    },
    "data/several-box-files": {
      cause: "The data folder has several files of boxes.",
      wayOn: "Name the one to use, or keep one of them.",
    },
    "data/most-missing": {
      cause: "Most of the images of the label file are not in the folder.",
      wayOn: "Put them there, or name a label file of the images that are there.",
    },
    "data/own-input": {
      cause: "A picture would replace the file that it is made from.",
      wayOn: "Name another file.",
    },
    "labels/empty": {
      cause: "The label file has no rows.",
      wayOn: "Give it a line that names the columns, and a row for each image.",
    },
    "labels/not-utf8": {
      cause: "The file is not text in UTF-8.",
      wayOn: 'Unpack it, or save it as "CSV UTF-8".',
    },
    "labels/bad-csv": {
      cause: "A quotation mark in the file is not closed, or stands within a field.",
      wayOn: "Double it, or put the whole field into quotation marks.",
    },
    "labels/field-count": {
      cause: "Rows have more or fewer fields than the header.",
      wayOn: "Put fields that hold a comma into quotation marks.",
    },
    "labels/no-image-column": {
      cause: "No column names the image.",
      wayOn: "Name a column as the message says.",
    },
    "labels/no-label-columns": {
      cause: "No column holds labels.",
      wayOn: "Add one as the message says, or choose other columns as labels.",
    },
    "labels/no-box-columns": {
      cause: "The columns are not those of a file of boxes.",
      wayOn: "Name them as in NIH's BBox_List_2017.csv.",
    },
    "labels/duplicate-column": {
      cause: "Two columns mean the same.",
      wayOn: "Rename or remove one.",
    },
    "labels/no-image": {
      cause: "Rows name no image.",
      wayOn: "Name the image of each row, or remove the row.",
    },
    "labels/duplicate-image": {
      cause: "Rows name an image that an earlier row names.",
      wayOn: "Keep one row for each image.",
    },
    "labels/no-patient": {
      cause: "Rows name no patient.",
      wayOn: "Give each row one, or remove the column.",
    },
    "labels/bad-value": {
      cause: "A label is not 1, 0 or unknown.",
      wayOn: "Write 1, 0 or nothing.",
    },
    "labels/contradiction": {
      cause: 'A row says "No Finding" beside a finding.',
      wayOn: "Remove one of them.",
    },
    "labels/unknown-finding": {
      cause: "A row names a finding that is none of NIH's 14.",
      wayOn: "Correct the spelling, or choose the labels that count.",
    },
    "labels/unknown-label": {
      cause: "The label file does not have a label that was asked for.",
      wayOn: "Choose labels that it has.",
    },
    "labels/duplicate-label": {
      cause: "A label was named twice.",
      wayOn: "Name it once.",
    },
    "labels/known-table": {
      cause: "A published table lacks something that it needs.",
      wayOn: "Do what the message says for this table.",
    },
    "labels/bad-box": {
      cause: "A box has no place, size, image or finding.",
      wayOn: "Correct the rows that the message names.",
    },
    "truth/no-labels": {
      cause: "The label file says nothing about the model's labels.",
      wayOn: "Name a label file that does.",
    },
    "truth/bad-note": {
      cause: "The phantom.json of a folder of phantoms is not valid.",
      wayOn: "Draw the phantoms again.",
    },
    "split/bad-options": {
      cause: "An option of a split is unknown or has a value out of its range.",
      wayOn: "Give a value in the range that the message names.",
    },
    "split/bad-fraction": {
      cause: "The share for validation is not at least 0 and below 1.",
      wayOn: "Give a share such as 0.1.",
    },
    "split/empty-list": {
      cause: "A list names no image.",
      wayOn: "Write one name per line.",
    },
    "split/no-match": {
      cause: "A list names no image of the label file.",
      wayOn: "Write the names as the label file does.",
    },
    "split/unclear-name": {
      cause: "A name in a list may mean several images.",
      wayOn: "Write it with its folder and ending, as the label file does.",
    },
    "split/lists-overlap": {
      cause: "An image is in two lists.",
      wayOn: "Remove it from one of them.",
    },
    "split/test-images": {
      cause: "A list names images that are kept for testing.",
      wayOn: "Remove them from the list, or remove test_list.txt.",
    },
    "split/no-training": {
      cause: "No image is left to train on.",
      wayOn: "Check the lists and the limit, or include lateral views.",
    },
    "phantom/folder-in-use": {
      cause: "The folder for phantoms holds something else.",
      wayOn: "Name an empty or a new folder.",
    },
    "phantom/bad-request": {
      cause: "A number for the phantoms is missing or out of its range.",
      wayOn: "Give a value in the range that the message names.",
    },
    "phantom/interrupted": {
      cause: "The drawing of phantoms was interrupted.",
      wayOn: "Make the same call again; it resumes where it stopped.",
    },
    "phantom/other-settings": {
      cause: "The folder holds phantoms with another seed, size or version.",
      wayOn: "Name another folder.",
    },
  },
} as const satisfies ErrorArea;
