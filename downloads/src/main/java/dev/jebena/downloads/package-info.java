/// Published models and vocabularies for tests: [dev.jebena.downloads.Downloads] fetches each once.
@NullMarked
package dev.jebena.downloads;

import org.jspecify.annotations.NullMarked;
