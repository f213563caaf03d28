package dev.jebena.buckets;

import dev.jebena.base.LimitedStream;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/// The objects below a prefix of a bucket, with errors that say what was tried where.
final class S3Objects implements AutoCloseable {
    /// Larger objects are uploaded in parts of this size.
    private static final long PART = 64L << 20;

    private static final int MOST_AT_ONCE = 1000;
    private static final String TYPE = "application/octet-stream";

    private final S3Client client;
    private final S3Address address;

    /// An object of a list; its name is without the prefix.
    record Item(String name, long size, Instant modified) {}

    S3Objects(S3Address address) {
        this.address = address;
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        URI endpoint = address.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint).forcePathStyle(true);
        }
        String region = address.region();
        if (region != null) {
            builder.region(Region.of(region));
        }
        client = builder.build();
    }

    private String key(String name) {
        return address.prefix() + name;
    }

    private <T> T run(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (SdkException e) {
            throw new Problem(
                    Problem.Code.STORAGE,
                    "cannot %s in the bucket %s: %s"
                            .formatted(what, address.bucket(), e.getMessage()),
                    "check the address, the credentials and that the bucket is there");
        }
    }

    OptionalLong size(String name) {
        return run(
                "look for " + name,
                () -> {
                    try {
                        return OptionalLong.of(
                                client.headObject(r -> r.bucket(address.bucket()).key(key(name)))
                                        .contentLength());
                    } catch (NoSuchKeyException _) {
                        return OptionalLong.empty();
                    }
                });
    }

    Instant modified(String name) {
        return run(
                "look for " + name,
                () ->
                        client.headObject(r -> r.bucket(address.bucket()).key(key(name)))
                                .lastModified());
    }

    byte[] range(String name, long from, int count) {
        String range = "bytes=" + from + "-" + (from + count - 1);
        ResponseBytes<GetObjectResponse> bytes =
                run(
                        "read " + name,
                        () ->
                                client.getObjectAsBytes(r ->
                                        r.bucket(address.bucket()).key(key(name)).range(range)));
        return bytes.asByteArrayUnsafe();
    }

    String read(String name) {
        return run(
                "read " + name,
                () ->
                        client.getObjectAsBytes(r -> r.bucket(address.bucket()).key(key(name)))
                                .asString(StandardCharsets.UTF_8));
    }

    void write(String name, String text) {
        run(
                "write " + name,
                () ->
                        client.putObject(
                                r -> r.bucket(address.bucket()).key(key(name)),
                                RequestBody.fromString(text)));
    }

    void delete(String name) {
        run(
                "delete " + name,
                () -> client.deleteObject(r -> r.bucket(address.bucket()).key(key(name))));
    }

    void delete(List<String> names) {
        for (int from = 0; from < names.size(); from += MOST_AT_ONCE) {
            List<ObjectIdentifier> some =
                    names.subList(from, Math.min(names.size(), from + MOST_AT_ONCE)).stream()
                            .map(n -> ObjectIdentifier.builder().key(key(n)).build())
                            .toList();
            run(
                    "delete objects",
                    () ->
                            client.deleteObjects(r ->
                                    r.bucket(address.bucket())
                                            .delete(d -> d.objects(some).quiet(true))));
        }
    }

    List<Item> list(String begin) {
        return run(
                "list " + begin,
                () -> {
                    List<Item> found = new ArrayList<>();
                    client.listObjectsV2Paginator(
                                    r -> r.bucket(address.bucket()).prefix(key(begin)))
                            .contents()
                            .forEach(o ->
                                    found.add(
                                            new Item(
                                                    o.key().substring(address.prefix().length()),
                                                    o.size(),
                                                    o.lastModified())));
                    return found;
                });
    }

    /// Stores a file, in parts when it is large.
    void write(String name, Path file, long size) {
        if (size <= PART) {
            run(
                    "write " + name,
                    () ->
                            client.putObject(
                                    r -> r.bucket(address.bucket()).key(key(name)),
                                    body(file, 0, size)));
            return;
        }
        String upload =
                run(
                        "write " + name,
                        () ->
                                client.createMultipartUpload(
                                                r -> r.bucket(address.bucket()).key(key(name)))
                                        .uploadId());
        try {
            writeParts(name, upload, file, size);
        } catch (RuntimeException e) {
            abort(key(name), upload);
            throw e;
        }
    }

    private void writeParts(String name, String upload, Path file, long size) {
        // At most 10,000 parts are allowed.
        long part = Math.max(PART, size / 9000);
        List<CompletedPart> parts = new ArrayList<>();
        for (long from = 0; from < size; from += part) {
            int number = parts.size() + 1;
            RequestBody body = body(file, from, Math.min(part, size - from));
            String etag =
                    run(
                            "write part " + number + " of " + name,
                            () ->
                                    client.uploadPart(
                                                    r ->
                                                            r.bucket(address.bucket())
                                                                    .key(key(name))
                                                                    .uploadId(upload)
                                                                    .partNumber(number),
                                                    body)
                                            .eTag());
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        run(
                "write " + name,
                () ->
                        client.completeMultipartUpload(r ->
                                r.bucket(address.bucket())
                                        .key(key(name))
                                        .uploadId(upload)
                                        .multipartUpload(m -> m.parts(parts))));
    }

    /// Bytes that can be sent again when a try fails.
    private static RequestBody body(Path file, long from, long count) {
        ContentStreamProvider provider =
                () -> {
                    try {
                        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                        InputStream in = Channels.newInputStream(channel.position(from));
                        return new LimitedStream(in, count);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        return RequestBody.fromContentProvider(provider, count, TYPE);
    }

    private void abort(String key, String upload) {
        run(
                "give up an upload",
                () ->
                        client.abortMultipartUpload(
                                r -> r.bucket(address.bucket()).key(key).uploadId(upload)));
    }

    /// Gives up uploads that killed servers left.
    void abortUploads(Instant before) {
        List<MultipartUpload> left =
                run(
                        "list uploads",
                        () ->
                                client
                                        .listMultipartUploadsPaginator(r ->
                                                r.bucket(address.bucket()).prefix(address.prefix()))
                                        .uploads()
                                        .stream()
                                        .filter(u -> u.initiated().isBefore(before))
                                        .toList());
        left.forEach(u -> abort(u.key(), u.uploadId()));
    }

    @Override
    public String toString() {
        return "s3://" + address.bucket() + "/" + address.prefix();
    }

    @Override
    public void close() {
        client.close();
    }
}
