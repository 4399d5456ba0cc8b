import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, drawMap, type MapView, moved, pointAt, viewOf } from '../../src/modules/cases/pages/report/map.ts';

const extent = { west: 121.0, south: 30.15, east: 121.05, north: 30.19 };
const views: fc.Arbitrary<MapView> = fc.record({
  lng: fc.double({ min: 120, max: 122, noNaN: true }), lat: fc.double({ min: 29, max: 31, noNaN: true }), zoom: fc.integer({ min: 0, max: 14 }),
});

describe('the map as an image button', () => {
  it('gives the middle of what it shows for a press in its middle', () => {
    fc.assert(fc.property(views, (view) => {
      const { lng, lat } = pointAt(view, 0.5, 0.5);
      expect(lng).toBeCloseTo(view.lng, 9);
      expect(lat).toBeCloseTo(view.lat, 9);
    }));
  });
  it('gives the north-western corner for a press in its upper left corner', () => {
    const view = { lng: 121, lat: 30, zoom: 5 };
    const box = boxOf(view);
    expect(pointAt(view, 0, 0)).toEqual({ lng: box.west, lat: box.north });
    expect(box.north).toBeGreaterThan(box.south);
  });
  it('shows as many metres from north to south as its shape asks for', () => {
    const box = boxOf({ lng: 121, lat: 30.17, zoom: 11 });
    expect((box.north - box.south) * 111_320).toBeCloseTo((280 * 300) / 360, 0);
    expect((box.east - box.west) * 111_320 * Math.cos((30.17 * Math.PI) / 180)).toBeCloseTo(280, 0);
  });
  it('never leaves the extent by its arrows, nor its zooms', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('in', 'out', 'north', 'south', 'east', 'west'), { maxLength: 60 }), (moves) => {
      const view = moves.reduce((now, move) => moved(now, move, extent), viewOf(extent));
      expect(view.lng).toBeGreaterThanOrEqual(extent.west);
      expect(view.lng).toBeLessThanOrEqual(extent.east);
      expect(view.lat).toBeGreaterThanOrEqual(extent.south);
      expect(view.lat).toBeLessThanOrEqual(extent.north);
      expect(view.zoom).toBeGreaterThanOrEqual(0);
      expect(view.zoom).toBeLessThanOrEqual(14);
    }));
  });
  it('begins with the whole town', () => {
    const box = boxOf(viewOf(extent));
    expect(box.west).toBeLessThanOrEqual(extent.west + 1e-6);
    expect(box.north).toBeGreaterThanOrEqual(extent.north - 1e-6);
  });
  it('draws names as text and never as markup, and holds no inline style', () => {
    const svg = drawMap({ lng: 121.02, lat: 30.17, zoom: 6 }, {
      extent, components: [], features: [{ kind: 'road', name: '<script>"&路', metresWide: 12, line: [[121.0, 30.17], [121.05, 30.17]] }],
    }, { lng: 121.02, lat: 30.17 }, { label: '地图' });
    expect(svg).toContain('&#60;script&#62;');
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/style=|<style/);
    expect(svg.match(/<svg/g)).toHaveLength(1);
  });
  it('writes the name of a road on the part of it that is seen', () => {
    const svg = drawMap({ lng: 121.02, lat: 30.17, zoom: 8 }, {
      extent, components: [], features: [{ kind: 'road', name: '光明路', metresWide: 12, line: [[120.9, 30.17], [121.2, 30.17]] }],
    }, null, { label: '地图' });
    const [, x, y] = /<text x="(\d+)" y="(\d+)"/.exec(svg)!;
    expect(Number(x)).toBe(180);
    expect(Math.abs(Number(y) - 154)).toBeLessThan(2);
  });
});
