/** A reader that reads each key once, and then remembers what it found. */
export function onceEach<K, V>(read: (key: K) => V): (key: K) => V {
	const known = new Map<K, V>();
	return key => {
		if (!known.has(key)) known.set(key, read(key));
		return known.get(key) as V;
	};
}
