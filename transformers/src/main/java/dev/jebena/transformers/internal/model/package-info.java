/// The networks: a class for each way to build one, a line for each family.
@NullMarked
package dev.jebena.transformers.internal.model;

import org.jspecify.annotations.NullMarked;
