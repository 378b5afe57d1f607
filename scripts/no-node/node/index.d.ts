// Replaces Node's types when checking code that must do without them, since the types of some packages ask for "node".
export {};
