/** Characters of a password that the server asks for at least; the forms ask for the same, and their words say it. */
export const passwordLengthMin = 8;
