import { mul } from "../../../src/graph/ops/mul.ts";
import { testBroadcasts } from "../../support/broadcasts.ts";

testBroadcasts("Mul", mul, (a, b) => a * b);
