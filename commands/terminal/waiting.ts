import { say, write } from './output.ts';
import { stopSignal } from './signals.ts';
import { style } from './style.ts';

/** Milliseconds after which a person wonders whether the program hangs. */
const NOTICE_AFTER_MS = 400;
const NOTICE = 'Looking up what your account has…';

/** Says that an account is asked, while that takes longer than a moment; then takes the notice away. */
export async function whileLookingUp<T>(found: Promise<T>): Promise<T> {
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    write(style.dim(NOTICE));
  }, NOTICE_AFTER_MS);
  const end = () => {
    clearTimeout(timer);
    if (isShown) write('\r\u001b[K');
    isShown = false;
  };
  stopSignal.addEventListener('abort', end);
  try {
    return await found;
  } finally {
    stopSignal.removeEventListener('abort', end);
    end();
  }
}

/** The same for terminals whose cursor is never moved: the notice stays. */
export async function whileLookingUpPlainly<T>(found: Promise<T>): Promise<T> {
  const timer = setTimeout(() => say(NOTICE), NOTICE_AFTER_MS);
  try {
    return await found;
  } finally {
    clearTimeout(timer);
  }
}
