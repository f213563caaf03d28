/// What computes with memory: views, storages, and the loops over them. Nothing here knows of
/// derivatives or traces.
@NullMarked
package dev.jebena.tensor.internal;

import org.jspecify.annotations.NullMarked;
