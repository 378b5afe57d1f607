// Stands for Node's types where code is checked that must do without them: some packages' types ask for "node".
export {};
