/** Returns a signal for what not even the user may interrupt, such as the time between a response and its file. */
export function uninterrupted(): AbortSignal {
  return new AbortController().signal;
}
