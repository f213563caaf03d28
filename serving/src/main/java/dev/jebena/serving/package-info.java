/// Protocols and the pool of loaded models.
@NullMarked
package dev.jebena.serving;

import org.jspecify.annotations.NullMarked;
