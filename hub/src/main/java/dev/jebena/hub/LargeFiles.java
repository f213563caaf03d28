package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Resumable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;

/// Large files of a repository by their hash, whatever commit names them: Git LFS's download.
record LargeFiles(HubClient hub, RepoId id) {
    /// Writes the bytes of one; throws unless they have this hash and size.
    void copy(ContentId oid, long size, OutputStream out, SharedMeter meter) throws IOException {
        JsonObject download = download(oid, size);
        URI address = hub.calls().uri("").resolve(download.string("href"));
        Map<String, String> headers = new LinkedHashMap<>();
        JsonObject wanted = download.objectOrEmpty("header");
        wanted.keys().forEach(name -> headers.put(name, String.valueOf(wanted.get(name))));
        MessageDigest digest = ContentId.sha256();
        new Transfer(hub.calls().http())
                .fill(
                        new Resumable() {
                            private long length;

                            @Override
                            public long length() {
                                return length;
                            }

                            @Override
                            public void append(byte[] bytes, int offset, int count)
                                    throws IOException {
                                out.write(bytes, offset, count);
                                digest.update(bytes, offset, count);
                                length += count;
                                meter.add(count);
                            }

                            @Override
                            public void restart() {
                                throw new Problem(
                                        Problem.Code.BAD_GATEWAY,
                                        address + " cannot go on where a transfer broke off");
                            }
                        },
                        address,
                        headers,
                        size,
                        _ -> {});
        if (!ContentId.of(digest).equals(oid)) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "%s sends other bytes than those with SHA-256 %s"
                            .formatted(address, oid.hex()));
        }
    }

    private JsonObject download(ContentId oid, long size) {
        JsonObject answer =
                LfsBatch.ask(hub.calls(), id, "download", Map.of(oid.hex(), size), null).getFirst();
        if (answer.has("error")) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "the hub does not have the large file %s: %s"
                            .formatted(oid.hex(), answer.object("error").string("message", "")));
        }
        return answer.object("actions").object("download");
    }
}
