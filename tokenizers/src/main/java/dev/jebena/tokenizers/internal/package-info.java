/// How text becomes ids: vocabularies, word models, scanners, and the loaders that assemble them.
@NullMarked
package dev.jebena.tokenizers.internal;

import org.jspecify.annotations.NullMarked;
