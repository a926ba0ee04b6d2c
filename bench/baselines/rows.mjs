import {Box, render, Text, useInput, useWindowSize} from 'ink';
import {createElement, useState} from 'react';

// The least that Ink does for a screen like ours: rows of text, one of which a key marks.
function Rows() {
	const {columns, rows} = useWindowSize();
	const [selected, select] = useState(0);
	useInput(input => {
		if (input === 'q') instance.unmount();
		if (input === 'j') select(row => (row + 1) % (rows - 1));
		if (input === 'k') select(row => (row + rows - 2) % (rows - 1));
	});
	const lines = Array.from({length: rows - 1}, (_, row) => {
		const text = `${row === selected ? '>' : ' '} row ${row} ${'of a bare screen '.repeat(12)}`;
		return createElement(Text, {key: row, wrap: 'truncate'}, text);
	});
	return createElement(Box, {width: columns, flexDirection: 'column'}, ...lines);
}

const instance = render(createElement(Rows), {
	alternateScreen: true,
	incrementalRendering: true,
	interactive: true,
	exitOnCtrlC: false,
});
