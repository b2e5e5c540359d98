/** The tests in the real editor. */
import './usual.test';
