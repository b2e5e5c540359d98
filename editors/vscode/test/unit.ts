/** All unit tests: what needs no editor. */
import './filters.test';
import './find.test';
import './guard.test';
import './history.test';
import './markdown.test';
import './state.test';
import './versions.test';
