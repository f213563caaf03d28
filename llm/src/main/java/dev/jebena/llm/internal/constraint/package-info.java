/// Which tokens a constrained answer may go on with.
@NullMarked
package dev.jebena.llm.internal.constraint;

import org.jspecify.annotations.NullMarked;
