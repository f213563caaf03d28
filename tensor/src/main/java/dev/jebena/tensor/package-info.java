/// Layer 3: tensors.
@NullMarked
package dev.jebena.tensor;

import org.jspecify.annotations.NullMarked;
