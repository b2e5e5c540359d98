/** All unit tests: what needs no editor. */
import './cells.test';
import './filters.test';
import './find.test';
import './given.test';
import './guard.test';
import './history.test';
import './in_words.test';
import './known_as.test';
import './markdown.test';
import './package.test';
import './same_line.test';
import './state.test';
import './versions.test';
import './words.test';
