internal import Conformance
internal import Convolution

/// The baseline of a run.
struct BaselineLine: Codable {
    struct Entry: Codable {
        /// The line in the file.
        var line: Int
        var engine: String
        var pattern: String
        /// Where not all layouts are meant.
        var layout: String?
        var status: String
        /// Whether a pass is right as well.
        var mayPass: Bool
        /// The known mistake, where it is one that is listed.
        var finding: String?
        var reason: String
        var link: String?
        /// Whether it matches cases that the options of the run leave out.
        var elsewhere: Bool

        enum CodingKeys: String, CodingKey {
            case line, engine, pattern, layout, status, finding, reason, link, elsewhere
            case mayPass = "may_pass"
        }
    }

    var file: String
    var entries: [Entry]

    init(_ baseline: Baseline) {
        file = baseline.name
        entries = baseline.entries.map {
            Entry(
                line: $0.line, engine: $0.engine, pattern: $0.pattern, layout: $0.layouts?.description,
                status: $0.status.rawValue, mayPass: $0.mayPass, finding: $0.finding, reason: $0.reason, link: $0.link,
                elsewhere: $0.isElsewhere)
        }
    }

    /// - Throws: ``InvalidLine``.
    func baseline() throws -> Baseline {
        if let line = entries.map(\.line).firstRepeated {
            throw InvalidLine("line \(line) of the baseline is there twice")
        }
        return Baseline(
            name: file,
            entries: try entries.map {
                var entry = Baseline.Entry(
                    line: $0.line, engine: $0.engine, pattern: $0.pattern,
                    layouts: try $0.layout.map { try layoutPair($0, "baseline.layout") },
                    status: try listedStatus($0.status, "baseline.status"), mayPass: $0.mayPass, finding: $0.finding,
                    reason: $0.reason, link: $0.link)
                entry.isElsewhere = $0.elsewhere
                return entry
            })
    }
}

/// What the baseline says of a result.
struct ListingLine: Codable {
    /// The line in the file.
    var line: Int
    /// What is listed.
    var status: String
    var finding: String?
    var reason: String
    var link: String?

    init(_ listing: Listing) {
        line = listing.line
        status = listing.status.rawValue
        finding = listing.finding
        reason = listing.reason
        link = listing.link
    }

    /// - Throws: ``InvalidLine``.
    func listing() throws -> Listing {
        Listing(
            line: line, status: try listedStatus(status, "listed.status"), finding: finding, reason: reason, link: link)
    }
}

/// - Throws: ``InvalidLine`` where the word is no status that a baseline lists.
private func listedStatus(_ word: String, _ field: String) throws -> Status {
    let status = try choice(Status.self, word, field)
    guard Baseline.Entry.statuses.contains(status) else {
        throw InvalidLine("'\(field)' is '\(word)', which is never listed")
    }
    return status
}
