import type {Raid} from '../model/raid.ts';
import {type Size, smallestScreen} from '../text/size.ts';
import {openAlerts} from '../view/alerts.ts';
import {completions} from './composer/draft.ts';
import {draftOf, type ViewState} from './state.ts';

/** The sizes of the parts of the screen. */
export interface Layout {
	/** The chain is left of the channel, not above it. */
	readonly isSideBySide: boolean;
	/** Everything between the alert and the composer. */
	readonly body: Size;
	/** Rows of the panes, without their titles. */
	readonly chain: Size;
	readonly tail: Size;
}

const sideBySideFrom = 120;
const statusHeight = 1;
const composerHeight = 1;
const footerHeight = 1;
const titleHeight = 1;

/** True when the terminal is too small for the dashboard. */
export function isTooSmall({width, height}: Size): boolean {
	return width < smallestScreen.width || height < smallestScreen.height;
}

/** Where everything is on a screen of the view's size. */
export function layoutOf(raid: Raid, view: ViewState): Layout {
	const {width, height} = view.size;
	const alertHeight = openAlerts(raid).length > 0 ? 1 : 0;
	const isCompleting = view.focus === 'composer' && completions(draftOf(view), raid).length > 0;
	const bottomHeight = composerHeight + footerHeight + (isCompleting ? 1 : 0);
	const body = {width, height: Math.max(0, height - statusHeight - alertHeight - bottomHeight)};
	return width >= sideBySideFrom ? sideBySide(body) : stacked(body, raid.chain.length);
}

function sideBySide(body: Size): Layout {
	const height = Math.max(0, body.height - titleHeight);
	const left = Math.floor(body.width * 0.55);
	// One column is between them.
	const tail = {width: body.width - left - 1, height};
	return {isSideBySide: true, body, chain: {width: left, height}, tail};
}

function stacked(body: Size, spawns: number): Layout {
	const {width} = body;
	const free = Math.max(0, body.height - 2 * titleHeight);
	const chainHeight = Math.min(Math.max(1, spawns), Math.max(2, Math.floor(free / 2)), free);
	const tail = {width, height: free - chainHeight};
	return {isSideBySide: false, body, chain: {width, height: chainHeight}, tail};
}
