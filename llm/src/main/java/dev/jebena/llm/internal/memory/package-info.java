/// Native memory that costs nothing until it is written.
@NullMarked
package dev.jebena.llm.internal.memory;

import org.jspecify.annotations.NullMarked;
