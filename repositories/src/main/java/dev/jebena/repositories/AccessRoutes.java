package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Access to gated repositories: asking for it, and the answers of those who may write there.
final class AccessRoutes {
    private static final List<String> STATUSES =
            List.of(AccessRequests.PENDING, AccessRequests.ACCEPTED, AccessRequests.REJECTED);

    private final Repositories repositories;
    private final AccessRequests requests;

    private AccessRoutes(Repositories repositories) {
        this.repositories = repositories;
        this.requests = repositories.requests();
    }

    static void mount(HubApi api) {
        AccessRoutes routes = new AccessRoutes(api.repositories());
        api.page("POST", "/ask-access", HubAccess.Need.SEE, routes::ask);
        String base = "/user-access-request/";
        api.repo("GET", base + "{status}", HubAccess.Need.WRITE, routes::list);
        api.repo("POST", base + "handle", HubAccess.Need.WRITE, routes::handle);
        api.repo("POST", base + "grant", HubAccess.Need.WRITE, routes::grant);
    }

    private static void checkGated(RepoRequest request) {
        if (!request.repo().isGated()) {
            throw HubError.bad("The repository " + request.repo().name().id() + " is not gated");
        }
    }

    private void ask(RepoRequest request) throws IOException {
        Account user = request.caller().user();
        checkGated(request);
        requests.ask(request.repo(), user.id());
        boolean accepted = requests.isAccepted(request.repo().id(), user.id());
        request.exchange().json(200, HttpJson.object("status", accepted ? "accepted" : "pending"));
    }

    private static String checked(String status) {
        if (!STATUSES.contains(status)) {
            throw HubError.bad("Invalid status: expected one of " + STATUSES + ", got " + status);
        }
        return status;
    }

    private void list(RepoRequest request) throws IOException {
        checkGated(request);
        String status = checked(request.exchange().parameter("status"));
        List<Object> found =
                requests.list(request.repo().id(), status).stream().map(this::json).toList();
        request.exchange().json(200, found);
    }

    private Object json(AccessRequests.Request request) {
        Account account = repositories.accounts().byId(request.account());
        return HttpJson.object(
                "requestId", "%024x".formatted(request.id()),
                "status", request.status(),
                "timestamp", Times.text(request.created()),
                "user",
                        HttpJson.object(
                                "_id", "%024x".formatted(account.id()),
                                "user", account.name(),
                                "fullname", account.fullname(),
                                "email", account.email()));
    }

    private Account asked(Map<String, @Nullable Object> body) {
        return repositories.accounts().get(HubApi.required(body, "user"));
    }

    private void handle(RepoRequest request) throws IOException {
        checkGated(request);
        Map<String, @Nullable Object> body = request.exchange().json();
        String status = checked(HubApi.required(body, "status"));
        Account user = asked(body);
        if (!requests.handle(request.repo().id(), user.id(), status)) {
            throw HubError.missing(user.name() + " has not asked for access");
        }
        request.exchange().json(200, HttpJson.object("status", status));
    }

    private void grant(RepoRequest request) throws IOException {
        checkGated(request);
        Account user = asked(request.exchange().json());
        if (requests.isAccepted(request.repo().id(), user.id())) {
            throw HubError.bad(user.name() + " has access already");
        }
        requests.grant(request.repo().id(), user.id());
        request.exchange().json(200, HttpJson.object("status", AccessRequests.ACCEPTED));
    }
}
