/// The objects, lists and names of some JSON, whatever it is about.
indirect enum JSONTree: Decodable {
    case object([String: JSONTree])
    case list([JSONTree])
    /// A string, a number, a boolean or null.
    case leaf

    init(from decoder: any Decoder) throws {
        if let fields = try? decoder.singleValueContainer().decode([String: JSONTree].self) {
            self = .object(fields)
        } else if let items = try? decoder.singleValueContainer().decode([JSONTree].self) {
            self = .list(items)
        } else {
            self = .leaf
        }
    }

    /// The path of the first field, by name, that another tree does not have: `problem.colour`, `engines[1].x`.
    func firstField(missingIn other: JSONTree) -> String? {
        switch (self, other) {
        case (.object(let fields), .object(let known)):
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                guard let counterpart = known[name] else { return name }
                if let path = value.firstField(missingIn: counterpart) {
                    return name + (path.hasPrefix("[") ? "" : ".") + path
                }
            }
            return nil
        case (.list(let items), .list(let known)):
            for (place, (item, counterpart)) in zip(items, known).enumerated() {
                if let path = item.firstField(missingIn: counterpart) {
                    return "[\(place)]" + (path.hasPrefix("[") ? "" : ".") + path
                }
            }
            return nil
        default: return nil
        }
    }
}
