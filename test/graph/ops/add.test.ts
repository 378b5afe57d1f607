import { add } from "../../../src/graph/ops/add.ts";
import { testBroadcasts } from "../../support/broadcasts.ts";

testBroadcasts("Add", add, (a, b) => a + b);
