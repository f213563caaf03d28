/// Jinja as chat templates use it: [dev.jebena.tokenizers.internal.jinja.Template] compiles a
/// source to a tree and renders it. The language is Jinja2's with `trim_blocks`, `lstrip_blocks`
/// and loop controls, in its sandbox: values are data only, nothing of Java can be reached, and
/// every rendering has a [dev.jebena.tokenizers.internal.jinja.Budget].
@NullMarked
package dev.jebena.tokenizers.internal.jinja;

import org.jspecify.annotations.NullMarked;
