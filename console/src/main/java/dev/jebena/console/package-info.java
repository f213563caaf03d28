/// The web pages. They talk to the server over HTTP, as everybody else does.
///
/// [dev.jebena.console.ConsoleRoutes] mounts them:
///
/// ```java
/// ConsoleRoutes.mount(router);
/// ```
@NullMarked
package dev.jebena.console;

import org.jspecify.annotations.NullMarked;
