/// Readers and writers of the formats, and the steps of a pipeline.
@NullMarked
package dev.jebena.data.internal;

import org.jspecify.annotations.NullMarked;
