internal import CHDF5

/// A group of an HDF5 file, open as long as this value lives.
public struct Group: ~Copyable, Sendable {
    /// One name in a group.
    public struct Link: Hashable, Sendable {
        /// The name, without the group's path.
        public let name: String
        /// Whether it leads to an object of this very file, not through a symbolic or external link.
        public let isHard: Bool
    }

    let handle: Handle
    /// The path inside the file, `/` for the root.
    public let path: String

    init(_ handle: consuming Handle, path: String) {
        self.handle = handle
        self.path = path
    }

    /// Opens the group `name` directly inside this one (`H5Gopen2`).
    ///
    /// - Parameter followsLinks: whether `name` may be a symbolic or external link. To refuse one takes a look-up more,
    ///   which is wasted where ``links()`` has already told.
    public func group(_ name: String, followsLinks: Bool = false) throws(HDF5Error) -> Group {
        let object = try path(of: name, function: "H5Gopen2")
        return try Library.locked { () throws(HDF5Error) in
            if !followsLinks { try refuseLink(name, object: object) }
            let id = H5Gopen2(handle.identifier, name, chdf5_default())
            return Group(try Handle(id, closedBy: H5Gclose, function: "H5Gopen2", object: object), path: object)
        }
    }

    /// Opens the dataset `name` directly inside this group (`H5Dopen2`).
    ///
    /// - Parameter followsLinks: as for ``group(_:followsLinks:)``.
    public func dataset(_ name: String, followsLinks: Bool = false) throws(HDF5Error) -> Dataset {
        let object = try path(of: name, function: "H5Dopen2")
        return try Library.locked { () throws(HDF5Error) in
            if !followsLinks { try refuseLink(name, object: object) }
            let id = H5Dopen2(handle.identifier, name, chdf5_default())
            return try Dataset(Handle(id, closedBy: H5Dclose, function: "H5Dopen2", object: object), path: object)
        }
    }

    /// Reads the table `name` directly inside this group (`H5Dopen2`), which must be no link to another place.
    ///
    /// - Parameter limit: The most bytes that its rows may take in memory.
    public func table(_ name: String, limit: Int = Dataset.defaultLimit) throws(HDF5Error) -> Table {
        let object = try path(of: name, function: "H5Dopen2")
        return try Library.locked { () throws(HDF5Error) in
            try refuseLink(name, object: object)
            let id = H5Dopen2(handle.identifier, name, chdf5_default())
            return try Table(
                Handle(id, closedBy: H5Dclose, function: "H5Dopen2", object: object), path: object, limit: limit)
        }
    }

    /// Whether there is anything called `name` directly inside this group (`H5Lexists`).
    public func contains(_ name: String) throws(HDF5Error) -> Bool {
        let object = try path(of: name, function: "H5Lexists")
        return try Library.locked { () throws(HDF5Error) in
            try check(
                H5Lexists(handle.identifier, name, chdf5_default()), function: "H5Lexists", object: object) > 0
        }
    }

    /// The names in this group, in increasing order of their bytes (`H5Literate`).
    ///
    /// - Parameter limit: more names than this are an error, and are not read.
    public func links(limit: Int = 1 << 20) throws(HDF5Error) -> [Link] {
        try Library.locked { () throws(HDF5Error) in
            var found = Found<Link>(limit: limit)
            let status = withUnsafeMutablePointer(to: &found) { pointer in
                let visitor: chdf5_link_visitor = { name, isHard, context in
                    guard let name, let context else { return 0 }
                    return context.assumingMemoryBound(to: Found<Link>.self).pointee.append(
                        Link(name: String(cString: name), isHard: isHard))
                }
                return chdf5_visit_links(handle.identifier, visitor, pointer)
            }
            try check(status, function: "H5Literate", object: path)
            if status > 0 { throw HDF5Error("it holds more than \(limit) names", function: "H5Literate", object: path) }
            return found.list.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    /// What a visit has found so far; it ends where there is more than a limit.
    private struct Found<Element> {
        let limit: Int
        var list: [Element] = []

        /// What a visitor returns to go on (0), or to end the visit.
        mutating func append(_ element: Element) -> herr_t {
            if list.count == limit { return 1 }
            list.append(element)
            return 0
        }
    }

    /// All attributes of this group by name, each with its exact type (`H5Aiterate2`, `H5Aread`).
    ///
    /// - Parameter limit: more attributes than this are an error, and are not read.
    public func attributes(limit: Int = 64) throws(HDF5Error) -> [String: StoredValue] {
        try Library.locked { () throws(HDF5Error) in
            var values: [String: StoredValue] = [:]
            for name in try attributeNames(limit: limit) {
                values[name] = try AttributeReader(name: name, of: handle, path: path).value()
            }
            return values
        }
    }

    /// Must run under the lock.
    private func attributeNames(limit: Int) throws(HDF5Error) -> [String] {
        var found = Found<String>(limit: limit)
        let status = withUnsafeMutablePointer(to: &found) { pointer in
            let visit: H5A_operator2_t = { _, name, _, context in
                guard let name, let context else { return 0 }
                return context.assumingMemoryBound(to: Found<String>.self).pointee.append(String(cString: name))
            }
            var position: hsize_t = 0
            return H5Aiterate2(handle.identifier, H5_INDEX_NAME, H5_ITER_NATIVE, &position, visit, pointer)
        }
        try check(status, function: "H5Aiterate2", object: path)
        if status > 0 {
            throw HDF5Error("it has more than \(limit) attributes", function: "H5Aiterate2", object: path)
        }
        return found.list
    }

    /// A symbolic link may lead anywhere, an external one into another file.
    func refuseLink(_ name: String, object: String) throws(HDF5Error) {
        let isHard = try check(
            chdf5_is_hard_link(handle.identifier, name), function: "H5Lget_info", object: object)
        guard isHard > 0 else {
            throw HDF5Error("it is a link to another place, not an object", function: "H5Lget_info", object: object)
        }
    }

    /// The path of a member, whose name must be one step: no path, which could leave this group.
    func path(of name: String, function: String) throws(HDF5Error) -> String {
        let separator = path.hasSuffix("/") ? "" : "/"
        guard !name.isEmpty, name != ".", !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
            throw HDF5Error("'\(name)' is not the name of a member", function: function, object: path)
        }
        return "\(path)\(separator)\(name)"
    }
}
