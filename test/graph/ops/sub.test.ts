import { sub } from "../../../src/graph/ops/sub.ts";
import { testBroadcastGradients, testBroadcasts } from "../../support/broadcasts.ts";

testBroadcasts("Sub", sub, (a, b) => a - b);
testBroadcastGradients(sub, (a, b) => a - b);
