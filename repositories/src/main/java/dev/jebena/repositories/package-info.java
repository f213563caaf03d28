/// The hub that a team hosts itself: repositories of models, data sets and spaces with history,
/// spoken to by the clients of Hugging Face's hub.
///
/// [dev.jebena.repositories.Repositories] is the data of one server,
/// [dev.jebena.repositories.RepositoryRoutes] mounts the paths on a router. A commit is a commit of
/// git: the ids are git's own, whichever way it came.
///
/// ```java
/// Repositories repositories = Repositories.open(RepositoryOptions.in(folder));
/// RepositoryRoutes.mount(router, repositories);
/// ```
@NullMarked
package dev.jebena.repositories;

import org.jspecify.annotations.NullMarked;
