import { mul } from "../../../src/graph/ops/mul.ts";
import { testBroadcastGradients, testBroadcasts } from "../../support/broadcasts.ts";

testBroadcasts("Mul", mul, (a, b) => a * b);
testBroadcastGradients(mul, (a, b) => a * b);
