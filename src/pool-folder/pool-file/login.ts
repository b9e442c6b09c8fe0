/** A URL with user information (RFC 3986, section 3.2.1), such as a proxy's: it may hold a password. */
export const LOGIN = /:\/\/[^/?#\s]*@/;
