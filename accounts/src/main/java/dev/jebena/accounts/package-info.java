/// Who may use a server: users with passwords or another system's login (OpenID Connect), teams,
/// roles in workspaces, API tokens, sessions, and a log of who did what.
///
/// [dev.jebena.accounts.Accounts] is the data; [dev.jebena.accounts.AccountsRoutes] mounts
/// `/api/accounts/…` and closes a router to everybody without an account.
///
/// ```java
/// Accounts accounts = Accounts.open(AccountsOptions.in(folder).adminPassword(password));
/// AccountsRoutes.mount(router, accounts, null);
/// ```
@NullMarked
package dev.jebena.accounts;

import org.jspecify.annotations.NullMarked;
