import { add } from "../../../src/graph/ops/add.ts";
import { testBroadcastGradients, testBroadcasts } from "../../support/broadcasts.ts";

testBroadcasts("Add", add, (a, b) => a + b);
testBroadcastGradients(add, (a, b) => a + b);
